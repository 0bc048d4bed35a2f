using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Conformance;

public class QuantizedStagesTests
{
    [Fact]
    public void One_integer_in_a_thousand_may_be_a_step_off()
        => Assert.Equal(0, QuantizedStages.StageError(Moved(1000, every: 1000, by: 1), Moved(1000, every: 1000, by: 0)));

    [Theory]
    [InlineData(1000, 2)]
    [InlineData(1000, -2)]
    [InlineData(500, 1)]
    [InlineData(2, -1)]
    public void Two_steps_or_more_integers_are_an_error(int every, int by)
        => Assert.True(QuantizedStages.StageError(Moved(1000, every, by), Moved(1000, every, by: 0)) > ModelCheck.Tolerance);

    [Fact]
    public void Floats_get_no_more_than_elsewhere()
        => Assert.Equal(0.5, QuantizedStages.StageError(Tensor.FromFloats(new Shape(2), [1, 2]), Tensor.FromFloats(new Shape(2), [2, 2])));

    private static Tensor Moved(int count, int every, int by)
        => Tensor.FromIntegers(new TensorType(ElementType.UInt8, new Shape(count)), [.. Enumerable.Range(0, count).Select(i => 100L + (i % every == 0 ? by : 0))]);
}
