using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Tests;

/// <summary>Classifiers whose scores nearly tie.</summary>
public sealed class PrecisionSearchTests
{
    /// <summary>The scores of the two classes differ by less than a step of a 12-bit weight.</summary>
    private static Graph NearTie()
    {
        GraphBuilder builder = new("tie");
        Value input = builder.Input("x", TensorType.Float(1, 2));
        Value weights = builder.Constant(Tensor.FromFloats(new Shape(2, 2), [1, 1.0002f, 0.5f, 0.4998f]));
        builder.Output(builder.Add(new MatMul(), [input, weights]));
        return builder.Build();
    }

    private static CalibrationData Samples() => new([.. Enumerable.Range(0, 16).Select(i => Tensor.FromFloats(new Shape(1, 2), [i % 2, 1 - (i % 2)]))]);

    private static CalibrationResult Compile(CompileOptions options)
        => BackendCompiler.Compile(NearTie(), options with { SelectRlwe = TestRlwe.Select }, Samples()).Calibration!;

    [Fact]
    public void Precision_rises_until_the_calibration_samples_keep_their_class()
    {
        Assert.Equal(8, Compile(new CompileOptions { ActivationBits = 12, WeightBits = 12 }).SameTop);
        Assert.Equal(16, Compile(new CompileOptions()).SameTop);
    }

    [Fact]
    public void A_precision_that_is_given_stays()
        => Assert.Equal(8, Compile(new CompileOptions { WeightBits = 12 }).SameTop);

    [Fact]
    public void A_ring_that_becomes_too_large_ends_the_search()
    {
        int compilations = 0;
        CompiledModel coarse = BackendCompiler.Compile(NearTie(), new CompileOptions { ActivationBits = 12, WeightBits = 12, SelectRlwe = TestRlwe.Select }, Samples());
        CompiledModel found = PrecisionSearch.Run(_ => compilations++ == 0 ? coarse : throw new Runtime.Homomorphic.NoiseBudgetException("no room"));
        Assert.Same(coarse, found);
        Assert.Equal(2, compilations);
    }
}
