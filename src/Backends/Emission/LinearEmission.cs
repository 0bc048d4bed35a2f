using System.Collections.Immutable;
using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>Convolutions, sums and average pools.</summary>
internal static class LinearEmission
{
    /// <summary>
    /// A quantised weight of 8 bits that is rounded to 16 at the new scale is off by 2^-9 of its unit at most; over a layer the
    /// rounding errors cancel, so that about one integer in a thousand differs by 1 from what infinite precision gives.
    /// </summary>
    private const int RequantizationGuardBits = 4;

    public static int Convolution(EmissionContext context, int index, RealConvolution step)
    {
        int input = NonLinearEmission.TruncateForLinear(context, step.Input, step.Name);
        DraftValue inputValue = context.Draft.Values[input];
        FixedScale scale = OutputScale(step, inputValue.Scale, context.WeightBits);
        long[] weights = WeightQuantizer.Quantize(step.Weights, scale.Value / inputValue.Scale.Value);
        long[] bias = [.. step.Bias.Select(b => FixedPointEncoding.ToInteger(b, scale.Value))];
        ConvolutionGeometry g = step.Geometry;
        Shape weightShape = new(g.OutputChannels, g.InputChannelsPerGroup, g.KernelHeight, g.KernelWidth);
        int weightTensor = context.Draft.Add(new DraftTensor(step.Name + ".weight", weightShape, weights));
        int biasTensor = context.Draft.Add(new DraftTensor(step.Name + ".bias", new Shape(g.OutputChannels), bias));
        int normBits = WeightQuantizer.NormBits(weights, g.Taps);
        double[] error = ErrorAnalysis.Convolution(step, weights, inputValue, scale);
        int value = context.Draft.Add(context.Define(index, scale, error), (resolution, output) => new ConvolutionStep
        {
            Name = step.Name,
            Output = output,
            Input = input,
            Geometry = g,
            Weight = weightTensor,
            Bias = biasTensor,
            Rlwe = resolution.SelectRlwe(g, resolution.RingBits, normBits),
            IsFullyConnected = step.IsFullyConnected,
        });
        context.Rounding.OfferConstant(index, value, biasTensor);
        return value;
    }

    /// <summary>
    /// A product has the input's scale times the weights', which is as fine as their bits allow. A quantised model's integers
    /// are used as they are. Weights that requantise get a few bits more, so that rounding them afresh hardly ever changes an
    /// integer; the result is at least as fine as integers, and a power of two.
    /// </summary>
    private static FixedScale OutputScale(RealConvolution step, FixedScale input, int weightBits)
    {
        if (step.HasIntegerWeights)
            return input;
        if (!step.IsRequantized)
            return input.Shift(step.IsSlope ? Math.Min(weightBits - 1, WeightQuantizer.Exponent(step.Weights, weightBits)) : WeightQuantizer.Exponent(step.Weights, weightBits));
        float[] weights = Array.ConvertAll(step.Weights, w => w / input.Odd);
        return FixedScale.PowerOfTwo(Math.Max(0, input.Exponent + WeightQuantizer.Exponent(weights, weightBits + RequantizationGuardBits)));
    }

    public static int AddConstant(EmissionContext context, int index, RealAddConstant step)
    {
        int input = context.ValueOf(step.Input);
        DraftValue inputValue = context.DraftOf(step.Input);
        double scale = inputValue.Scale.Value;
        long[] constant = [.. step.Constant.Select(c => FixedPointEncoding.ToInteger(c, scale))];
        int tensor = context.Draft.Add(new DraftTensor(step.Name + ".constant", step.Shape, constant));
        double[] error = [.. inputValue.ErrorUnder(context.RangeOf(index).Map).Select(e => e + (0.5 / scale))];
        int value = context.Draft.Add(
            context.Define(index, inputValue.Scale, error),
            (_, output) => new AddConstantStep { Name = step.Name, Output = output, Input = input, Constant = tensor });
        context.Rounding.OfferConstant(index, value, tensor);
        return value;
    }

    public static int Add(EmissionContext context, int index, RealAdd step)
    {
        FixedScale scale = context.DraftOf(step.Left).Scale.Common(context.DraftOf(step.Right).Scale);
        (int left, int leftShift) = Align(context, context.ValueOf(step.Left), scale, step.Name);
        (int right, int rightShift) = Align(context, context.ValueOf(step.Right), scale, step.Name);
        ChannelMap map = context.RangeOf(index).Map;
        IEnumerable<double> error = context.Draft.Values[left].ErrorUnder(map).Zip(context.Draft.Values[right].ErrorUnder(map), (a, b) => a + b);
        int value = context.Draft.Add(context.Define(index, scale, [.. error]), (_, output) => new AddStep
        {
            Name = step.Name,
            Output = output,
            Left = left,
            Right = right,
            LeftShift = leftShift,
            RightShift = rightShift,
            Subtract = step.Subtract,
        });
        if (left == context.ValueOf(step.Left) && right == context.ValueOf(step.Right))
            context.Rounding.OfferSum(index, value, leftShift, rightShift);
        return value;
    }

    /// <summary>
    /// A sum; the divisor goes into the scale. Windows with divisors of their own are multiplied up to the divisors' common
    /// multiple first, so the mean is exact in either case.
    /// </summary>
    public static int AveragePool(EmissionContext context, int index, RealAveragePool step)
    {
        int input = context.ValueOf(step.Input);
        DraftValue inputValue = context.DraftOf(step.Input);
        long common = step.Divisors.Select(d => (long)d).Aggregate(FixedScale.LeastCommonMultiple);
        ImmutableArray<long> multipliers = step.Divisors.All(d => d == common) ? [] : [.. step.Divisors.Select(d => common / d)];
        double[] planes = inputValue.ErrorUnder(RangeAnalysis.InputPlanes(step.Pool));
        return context.Draft.Add(
            context.Define(index, inputValue.Scale.Times(common), planes),
            (_, output) => new SumPoolStep { Name = step.Name, Output = output, Input = input, Pool = step.Pool, Multipliers = multipliers });
    }

    /// <summary>
    /// A value that takes the place of a plan value and whose scale, shifted left by the result, is <paramref name="target"/>;
    /// odd factors are multiplied in first.
    /// </summary>
    public static (int Value, int Shift) Align(EmissionContext context, int value, FixedScale target, string reader)
    {
        DraftValue draft = context.Draft.Values[value];
        (long multiplier, int shift) = draft.Scale.To(target);
        if (multiplier == 1)
            return (value, shift);
        PoolGeometry each = new() { Planes = draft.Shape.Count, InputHeight = 1, InputWidth = 1, OutputHeight = 1, OutputWidth = 1, KernelHeight = 1, KernelWidth = 1 };
        DraftValue multiplied = new(draft.Name + ".aligned", draft.Shape, draft.Scale.Times(multiplier), draft.Range, draft.Error);
        int aligned = context.Draft.Add(
            multiplied,
            (_, output) => new SumPoolStep { Name = reader + ".align", Output = output, Input = value, Pool = each, Multipliers = [multiplier] });
        return (aligned, shift);
    }
}
