using System.Collections.Immutable;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan.Verification;

/// <summary>The tensors that a step reads from the weight file.</summary>
internal static class WeightVerifier
{
    public static void Require(ExecutionPlan plan, PlanStep step, ModelWeights weights)
    {
        if (step is ConvolutionStep convolution)
        {
            ConvolutionGeometry g = convolution.Geometry;
            WeightTensor weight = Tensor(step, weights, convolution.Weight, [g.OutputChannels, g.InputChannelsPerGroup, g.KernelHeight, g.KernelWidth]);
            RequireNorm(convolution, weight);
            if (convolution.Bias is { } bias)
                Tensor(step, weights, bias, [g.OutputChannels]);
        }
        else if (step is AddConstantStep addition)
        {
            Tensor(step, weights, addition.Constant, plan.Values[addition.Output].Shape);
        }
    }

    private static WeightTensor Tensor(PlanStep step, ModelWeights weights, int index, ImmutableArray<int> shape)
    {
        Check.That((uint)index < (uint)weights.Tensors.Length, $"Step '{step.Name}' needs weight tensor {index}; the file has {weights.Tensors.Length}.");
        WeightTensor tensor = weights.Tensors[index];
        bool fits = tensor.Shape.AsSpan().SequenceEqual(shape.AsSpan()) && tensor.Elements.Length == shape.Aggregate(1L, (count, d) => count * d);
        Check.That(fits, $"Weight tensor '{tensor.Name}' is {string.Join('x', tensor.Shape)}; step '{step.Name}' needs {string.Join('x', shape)}.");
        return tensor;
    }

    /// <summary>The noise that hides the weights is sized for this bound, so weights beyond it would leak.</summary>
    private static void RequireNorm(ConvolutionStep step, WeightTensor weight)
    {
        int taps = step.Geometry.Taps;
        double limit = Math.ScaleB(1, 2 * step.Rlwe.WeightNormBits);
        for (int row = 0; row < step.Geometry.OutputChannels; row++)
        {
            double squares = 0;
            foreach (long element in weight.Elements.AsSpan().Slice(row * taps, taps))
                squares += (double)element * element;
            Check.That(squares <= limit, $"Row {row} of weight tensor '{weight.Name}' exceeds the norm 2^{step.Rlwe.WeightNormBits} of step '{step.Name}'.");
        }
    }
}
