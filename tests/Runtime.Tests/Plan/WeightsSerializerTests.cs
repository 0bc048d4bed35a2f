using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Serialization;

namespace PrivateInference.Runtime.Tests.Plan;

public sealed class WeightsSerializerTests
{
    private static readonly byte[] s_file = WeightsSerializer.Write(SamplePlans.Weights);

    [Fact]
    public void Weights_survive_their_file()
    {
        ModelWeights read = WeightsSerializer.Read(s_file, SamplePlans.EveryStep);
        Assert.Equal(SamplePlans.Weights.Tensors.Select(t => t.Name), read.Tensors.Select(t => t.Name));
        Assert.Equal(SamplePlans.Weights.Tensors.SelectMany(t => t.Elements), read.Tensors.SelectMany(t => t.Elements));
        Assert.Equal(s_file, WeightsSerializer.Write(read));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(-128, 1)]
    [InlineData(128, 2)]
    [InlineData(-129, 2)]
    [InlineData(int.MaxValue, 4)]
    [InlineData((long)int.MinValue - 1, 5)]
    [InlineData(long.MaxValue, 8)]
    [InlineData(long.MinValue, 8)]
    public void Elements_take_the_fewest_bytes(long element, int width)
    {
        Assert.Equal(width, PackedIntegers.Width([0, element]));
        Assert.Equal<long>([element, -1, 0], PackedIntegers.Unpack(PackedIntegers.Pack([element, -1, 0], width), width));
    }

    [Fact]
    public void Weights_of_another_plan_are_refused_by_name()
    {
        ModelWeights other = new() { Tensors = SamplePlans.Weights.Tensors.SetItem(1, SamplePlans.Weights.Tensors[1] with { Elements = [1, 2] }) };
        string message = Assert.Throws<PlanFormatException>(() => WeightsSerializer.Read(WeightsSerializer.Write(other), SamplePlans.EveryStep)).Message;
        Assert.Contains("another plan", message, StringComparison.Ordinal);
        Assert.Contains("every-step", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        for (int i = 0; i < s_file.Length; i++)
        {
            byte[] damaged = [.. s_file];
            damaged[i] ^= (byte)(1 << (i % 8));
            Assert.Throws<PlanFormatException>(() => WeightsSerializer.Read(damaged, SamplePlans.EveryStep));
        }
    }

    [Fact]
    public void Weights_beyond_the_norm_that_the_noise_was_sized_for_are_refused()
    {
        ModelWeights large = new() { Tensors = SamplePlans.Weights.Tensors.SetItem(0, SamplePlans.Weights.Tensors[0] with { Elements = [300, 0, 0, 0, 0, 0, 0, 0] }) };
        ExecutionPlan plan = SamplePlans.EveryStep with { WeightsDigest = WeightsSerializer.Digest(large) };
        string message = Assert.Throws<PlanFormatException>(() => WeightsSerializer.Read(WeightsSerializer.Write(large), plan)).Message;
        Assert.Contains("norm", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_of_a_wrong_shape_are_refused()
    {
        ModelWeights wrong = new() { Tensors = SamplePlans.Weights.Tensors.SetItem(1, new WeightTensor { Name = "b", Shape = [3], Elements = [1, 2, 3] }) };
        Assert.Throws<PlanFormatException>(() => PlanVerifier.Require(SamplePlans.EveryStep, wrong));
        Assert.Throws<PlanFormatException>(() => PlanVerifier.Require(SamplePlans.EveryStep, new ModelWeights { Tensors = [] }));
    }
}
