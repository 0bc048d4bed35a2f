using PrivateInference.Passes.Sharing;

namespace PrivateInference.Passes.Tests.Sharing;

public sealed class AgglomerativeClusteringTests
{
    [Fact]
    public void Patterns_that_decide_alike_are_joined_first()
    {
        ulong[][] patterns = [[0b0000], [0b1111], [0b0001], [0b0111], [0b0000]];

        Assert.Equal([[0, 2, 4], [1, 3]], AgglomerativeClustering.Cluster(patterns, 2));
    }

    [Fact]
    public void There_are_as_many_clusters_as_asked_for_and_no_more_than_patterns()
    {
        ulong[][] patterns = Patterns(30, seed: 2);

        for (int clusters = 1; clusters <= 30; clusters++)
            Assert.Equal(clusters, AgglomerativeClustering.Cluster(patterns, clusters).Length);
        Assert.Equal(30, AgglomerativeClustering.Cluster(patterns, 99).Length);
    }

    [Fact]
    public void Two_clusters_are_further_apart_than_anything_that_was_joined()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            ulong[][] patterns = Patterns(25, seed);
            int[][] clusters = AgglomerativeClustering.Cluster(patterns, 5);

            int apart = clusters.SelectMany(a => clusters.Where(b => b != a).Select(b => Gap(patterns, a, b))).Min();
            foreach (int[] cluster in clusters.Where(c => c.Length > 1))
                Assert.All(cluster, i => Assert.True(Gap(patterns, [i], [.. cluster.Where(j => j != i)]) <= apart));
        }
    }

    [Fact]
    public void The_deciding_member_is_the_nearest_to_all()
        => Assert.Equal(2, AgglomerativeClustering.Medoid([[0b0000], [0b0111], [0b0011], [0b1111]], [0, 1, 2]));

    private static int Gap(ulong[][] patterns, int[] a, int[] b)
        => a.SelectMany(i => b.Select(j => AgglomerativeClustering.Distance(patterns[i], patterns[j]))).Min();

    private static ulong[][] Patterns(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new[] { (ulong)random.NextInt64(), (ulong)random.NextInt64() & 0xFF })];
    }
}
