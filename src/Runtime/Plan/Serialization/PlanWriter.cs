using Google.Protobuf;
using PrivateInference.Runtime.Plan.Schema;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan.Serialization;

/// <summary>A plan as protobuf messages.</summary>
internal static class PlanWriter
{
    public static PlanBody Write(ExecutionPlan plan) => new()
    {
        Name = plan.Name,
        Backend = plan.Backend,
        RingBits = plan.RingBits,
        Values = { plan.Values.Select(Write) },
        Steps = { plan.Steps.Select(Write) },
        WeightsDigest = ByteString.CopyFrom(plan.WeightsDigest.AsSpan()),
        Labels = { plan.Labels },
    };

    private static ValueEntry Write(PlanValue value)
    {
        ValueEntry entry = new()
        {
            Name = value.Name,
            Shape = { value.Shape },
            Scale = value.Scale,
            Bits = value.Bits,
            Minimum = value.Minimum,
            Maximum = value.Maximum,
        };
        if (!double.IsNaN(value.ErrorBound))
            entry.ErrorBound = value.ErrorBound;
        return entry;
    }

    private static StepEntry Write(PlanStep step)
    {
        StepEntry entry = new() { Name = step.Name, Output = step.Output };
        switch (step)
        {
            case InputStep:
                entry.Input = new InputEntry();
                break;
            case ConvolutionStep s:
                entry.Convolution = Write(s);
                break;
            case NonLinearStep s:
                entry.NonLinear = Write(s);
                break;
            case SharedSignStep s:
                entry.SharedSign = Write(s);
                break;
            case PolynomialStep s:
                entry.Polynomial = Write(s);
                break;
            case RangeCheckStep s:
                entry.RangeCheck = new RangeCheckEntry { Checked = { s.Checked }, Lower = { s.Lower }, Upper = { s.Upper }, Shift = s.Shift };
                break;
            case TruncateStep s:
                entry.Truncate = new TruncateEntry { Input = s.Input, Shift = s.Shift };
                break;
            case SumPoolStep s:
                entry.SumPool = new SumPoolEntry { Input = s.Input, Pool = Write(s.Pool), Multipliers = { s.Multipliers } };
                break;
            case AddStep s:
                entry.Add = new AddEntry
                {
                    Left = s.Left,
                    Right = s.Right,
                    LeftShift = s.LeftShift,
                    RightShift = s.RightShift,
                    Subtract = s.Subtract,
                };
                break;
            case AddConstantStep s:
                entry.AddConstant = new AddConstantEntry { Input = s.Input, Constant = s.Constant };
                break;
            case ConcatStep s:
                entry.Concat = new ConcatEntry { Operands = { s.Operands }, Shifts = { s.Shifts }, Axis = s.Axis };
                break;
            case PadStep s:
                entry.Pad = new PadEntry { Input = s.Input, Pads = { s.Pads }, Value = s.Value };
                break;
            case SliceStep s:
                entry.Slice = new SliceEntry { Input = s.Input, Starts = { s.Starts }, Steps = { s.Steps } };
                break;
            case TransposeStep s:
                entry.Transpose = new TransposeEntry { Input = s.Input, Permutation = { s.Permutation } };
                break;
            case ReshapeStep s:
                entry.Reshape = new ReshapeEntry { Input = s.Input };
                break;
            case OutputStep s:
                entry.Result = Write(s);
                break;
            default:
                throw new InvalidOperationException($"Unknown step {step.GetType().Name}.");
        }

        return entry;
    }

    private static ConvolutionEntry Write(ConvolutionStep step)
    {
        ConvolutionEntry entry = new()
        {
            Input = step.Input,
            Weight = step.Weight,
            FullyConnected = step.IsFullyConnected,
            Geometry = Write(step.Geometry),
            Rlwe = new RlweEntry
            {
                Degree = step.Rlwe.Degree,
                PrimeCount = step.Rlwe.PrimeCount,
                WeightNormBits = step.Rlwe.WeightNormBits,
                FloodBits = step.Rlwe.FloodBits,
            },
        };
        if (step.Bias is { } bias)
            entry.Bias = bias;
        return entry;
    }

    private static NonLinearEntry Write(NonLinearStep step) => new()
    {
        Input = step.Input,
        InputBits = step.InputBits,
        Shift = step.Shift,
        Activation = step.Activation switch
        {
            Activation.None => NonLinearEntry.Types.Activation.None,
            Activation.Relu => NonLinearEntry.Types.Activation.Relu,
            Activation.Clip => NonLinearEntry.Types.Activation.Clip,
            _ => throw new InvalidOperationException($"Unknown activation {step.Activation}."),
        },
        Lower = step.Lower,
        Upper = step.Upper,
        Pool = step.Pool is { } pool ? Write(pool) : null,
        Method = Write(step.Method),
    };

    private static PolynomialEntry Write(PolynomialStep step) => new()
    {
        Input = step.Input,
        Degree = step.Degree,
        Inner = step.Inner,
        Coefficients = { step.Coefficients.Select(c => unchecked((long)c)) },
        HighCoefficients = { step.Coefficients.All(c => c == unchecked((long)c)) ? [] : step.Coefficients.Select(c => (long)(c >> 64)) },
        InputShift = step.InputShift,
        OutputShift = step.OutputShift,
        RingBits = step.RingBits,
        Method = Write(step.Method),
    };

    private static SharedSignEntry Write(SharedSignStep step) => new()
    {
        Input = step.Input,
        Decision = step.Decision,
        DecisionBits = step.DecisionBits,
        Groups = { step.Groups.Code },
        Turned = ByteString.CopyFrom(step.Turned.AsSpan()),
        NoiseBits = step.Noise?.Bits ?? 0,
        NoiseThreshold = step.Noise?.Threshold ?? 0,
        Method = Write(step.Method),
    };

    private static NonLinearEntry.Types.Method Write(NonLinearMethod method) => method switch
    {
        NonLinearMethod.Garbled => NonLinearEntry.Types.Method.Garbled,
        NonLinearMethod.ObliviousTransfer => NonLinearEntry.Types.Method.ObliviousTransfer,
        _ => throw new InvalidOperationException($"Unknown method {method}."),
    };

    private static OutputEntry Write(OutputStep step) => new()
    {
        Input = step.Input,
        Function = step.Function switch
        {
            OutputFunction.None => OutputEntry.Types.Function.None,
            OutputFunction.Softmax => OutputEntry.Types.Function.Softmax,
            OutputFunction.ArgMax => OutputEntry.Types.Function.ArgMax,
            _ => throw new InvalidOperationException($"Unknown output function {step.Function}."),
        },
        Axis = step.Axis,
        KeepAxis = step.KeepAxis,
        SelectLast = step.SelectLast,
    };

    private static ConvolutionGeometryEntry Write(ConvolutionGeometry geometry) => new()
    {
        Batch = geometry.Batch,
        InputChannels = geometry.InputChannels,
        InputHeight = geometry.InputHeight,
        InputWidth = geometry.InputWidth,
        OutputChannels = geometry.OutputChannels,
        KernelHeight = geometry.KernelHeight,
        KernelWidth = geometry.KernelWidth,
        StrideHeight = geometry.StrideHeight,
        StrideWidth = geometry.StrideWidth,
        DilationHeight = geometry.DilationHeight,
        DilationWidth = geometry.DilationWidth,
        PadTop = geometry.PadTop,
        PadLeft = geometry.PadLeft,
        PadBottom = geometry.PadBottom,
        PadRight = geometry.PadRight,
        Groups = geometry.Groups,
    };

    private static PoolGeometryEntry Write(PoolGeometry pool) => new()
    {
        Planes = pool.Planes,
        InputHeight = pool.InputHeight,
        InputWidth = pool.InputWidth,
        OutputHeight = pool.OutputHeight,
        OutputWidth = pool.OutputWidth,
        KernelHeight = pool.KernelHeight,
        KernelWidth = pool.KernelWidth,
        StrideHeight = pool.StrideHeight,
        StrideWidth = pool.StrideWidth,
        DilationHeight = pool.DilationHeight,
        DilationWidth = pool.DilationWidth,
        PadTop = pool.PadTop,
        PadLeft = pool.PadLeft,
    };

    private static PolynomialEntry.Types.Method Write(PowerMethod method) => method switch
    {
        PowerMethod.HoneyBadger => PolynomialEntry.Types.Method.HoneyBadger,
        PowerMethod.Binomial => PolynomialEntry.Types.Method.Binomial,
        PowerMethod.Beaver => PolynomialEntry.Types.Method.Beaver,
        _ => throw new InvalidOperationException($"Unknown method {method}."),
    };
}
