using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Sharing;

/// <summary>
/// One decision a cluster of activations that decide alike on samples, clusters being sought within each patch of each
/// channel (Helbitz and Avidan, section "Method" and table 7). Groups have no shape, so all is done on N×elements.
/// </summary>
internal sealed class ClusterDecisions : ISharedDecisions
{
    private readonly SharedLayer _layer;

    /// <summary>For each channel its groups: deciding position and members.</summary>
    private readonly (int Medoid, int[] Members)[][] _groups;

    /// <param name="layer">The layer.</param>
    /// <param name="clusters">How many clusters each patch has; a smaller patch has one an element.</param>
    public ClusterDecisions(SharedLayer layer, int clusters)
    {
        _layer = layer;
        int[][] patches = layer.Grid.Members();
        _groups = SharedLayer.ForEachChannel(
            layer.Samples(), (channel, _) => patches.SelectMany(patch => Groups(channel, patch, clusters)).ToArray());
    }

    public long Count => (long)_layer.Batch * _layer.Channels * GroupsPerChannel;

    public long WeightCount => _layer.Decider == DecidingValue.Middle ? 0 : (long)_layer.Channels * GroupsPerChannel * Plane;

    private int GroupsPerChannel => _groups[0].Length;

    private int Plane => _layer.Grid.PlaneSize;

    public Value WriteDeciders()
    {
        if (_layer.Decider != DecidingValue.Middle)
            return Flat(_layer.Graph.Add(new Conv(WholePlane(), _layer.Channels), [_layer.Input, Weights()], _layer.Part("decider")));
        IEnumerable<int> medoids = _groups.SelectMany((channel, c) => channel.Select(g => (c * Plane) + g.Medoid));
        return _layer.Graph.Add(new Gather(1), [Flat(_layer.Input), _layer.Indices(medoids, "medoids")], _layer.Part("decider"));
    }

    public Value WriteExpansion(Value decisions)
    {
        int[] groupOf = new int[_layer.Channels * Plane];
        for (int c = 0; c < _groups.Length; c++)
        {
            for (int g = 0; g < GroupsPerChannel; g++)
            {
                foreach (int member in _groups[c][g].Members)
                    groupOf[(c * Plane) + member] = (c * GroupsPerChannel) + g;
            }
        }

        Value members = _layer.Graph.Add(new Gather(1), [decisions, _layer.Indices(groupOf, "clusters")], _layer.Part("members"));
        return _layer.Graph.Add(new Reshape(_layer.Shape), [members], _layer.Part("shared"));
    }

    private static IEnumerable<(int Medoid, int[] Members)> Groups(ChannelSamples channel, int[] patch, int clusters)
    {
        ulong[][] patterns = channel.Decisions(patch);
        return AgglomerativeClustering.Cluster(patterns, clusters)
            .Select(cluster => (patch[AgglomerativeClustering.Medoid(patterns, cluster)], Array.ConvertAll(cluster, i => patch[i])));
    }

    private Value Flat(Value value)
        => _layer.Graph.Add(new Reshape(new Shape(_layer.Batch, value.Shape.Count / _layer.Batch)), [value], $"{value.Name}.flat");

    private SpatialWindow WholePlane() => SpatialWindow.Create(_layer.Grid.Plane.AsSpan());

    /// <summary>A row over the plane for each cluster, zero outside of it.</summary>
    private Value Weights()
    {
        float[][] rows = SharedLayer.ForEachChannel(_layer.Samples(), (channel, c) =>
        {
            float[] weights = new float[GroupsPerChannel * Plane];
            for (int g = 0; g < GroupsPerChannel; g++)
            {
                int[] members = _groups[c][g].Members;
                double[] fitted = _layer.Decider == DecidingValue.Mean
                    ? Array.ConvertAll(members, _ => 1.0 / members.Length)
                    : DecisionWeights.Fit([.. channel.Rows(members)]);
                for (int i = 0; i < members.Length; i++)
                    weights[(g * Plane) + members[i]] = (float)fitted[i];
            }

            return weights;
        });
        Shape shape = new([_layer.Channels * GroupsPerChannel, 1, .. _layer.Grid.Plane]);
        return _layer.Graph.AddConstant(Tensor.FromFloats(shape, [.. rows.SelectMany(r => r)]), _layer.Part("weights"));
    }
}
