using PrivateInference.Runtime.Plan.Schema;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan.Serialization;

/// <summary>Protobuf messages as a plan. Whether the plan means anything is <see cref="PlanVerifier"/>'s question.</summary>
internal static class PlanReader
{
    public static ExecutionPlan Read(PlanBody body) => new()
    {
        Name = body.Name,
        Backend = body.Backend,
        RingBits = body.RingBits,
        Values = [.. body.Values.Select(Read)],
        Steps = [.. body.Steps.Select(Read)],
        WeightsDigest = [.. body.WeightsDigest.Span],
        Labels = [.. body.Labels],
    };

    private static PlanValue Read(ValueEntry entry) => new()
    {
        Name = entry.Name,
        Shape = [.. entry.Shape],
        Scale = entry.Scale,
        Bits = entry.Bits,
        Minimum = entry.Minimum,
        Maximum = entry.Maximum,
        ErrorBound = entry.HasErrorBound ? entry.ErrorBound : double.NaN,
    };

    private static PlanStep Read(StepEntry entry)
    {
        (string name, int output) = (entry.Name, entry.Output);
        switch (entry.KindCase)
        {
            case StepEntry.KindOneofCase.Input:
                return new InputStep { Name = name, Output = output };
            case StepEntry.KindOneofCase.Convolution:
                return Read(entry.Convolution, name, output);
            case StepEntry.KindOneofCase.NonLinear:
                return Read(entry.NonLinear, name, output);
            case StepEntry.KindOneofCase.SharedSign:
                return Read(entry.SharedSign, name, output);
            case StepEntry.KindOneofCase.Polynomial:
                return Read(entry.Polynomial, name, output);
            case StepEntry.KindOneofCase.RangeCheck:
                RangeCheckEntry check = entry.RangeCheck;
                return new RangeCheckStep { Name = name, Output = output, Checked = [.. check.Checked], Lower = [.. check.Lower], Upper = [.. check.Upper], Shift = check.Shift };
            case StepEntry.KindOneofCase.Truncate:
                return new TruncateStep { Name = name, Output = output, Input = entry.Truncate.Input, Shift = entry.Truncate.Shift };
            case StepEntry.KindOneofCase.SumPool:
                SumPoolEntry sum = entry.SumPool;
                return new SumPoolStep { Name = name, Output = output, Input = sum.Input, Pool = Read(Required(sum.Pool, name)), Multipliers = [.. sum.Multipliers] };
            case StepEntry.KindOneofCase.Add:
                AddEntry add = entry.Add;
                return new AddStep { Name = name, Output = output, Left = add.Left, Right = add.Right, LeftShift = add.LeftShift, RightShift = add.RightShift, Subtract = add.Subtract };
            case StepEntry.KindOneofCase.AddConstant:
                return new AddConstantStep { Name = name, Output = output, Input = entry.AddConstant.Input, Constant = entry.AddConstant.Constant };
            case StepEntry.KindOneofCase.Concat:
                ConcatEntry concat = entry.Concat;
                return new ConcatStep { Name = name, Output = output, Operands = [.. concat.Operands], Shifts = [.. concat.Shifts], Axis = concat.Axis };
            case StepEntry.KindOneofCase.Pad:
                return new PadStep { Name = name, Output = output, Input = entry.Pad.Input, Pads = [.. entry.Pad.Pads], Value = entry.Pad.Value };
            case StepEntry.KindOneofCase.Slice:
                return new SliceStep { Name = name, Output = output, Input = entry.Slice.Input, Starts = [.. entry.Slice.Starts], Steps = [.. entry.Slice.Steps] };
            case StepEntry.KindOneofCase.Transpose:
                return new TransposeStep { Name = name, Output = output, Input = entry.Transpose.Input, Permutation = [.. entry.Transpose.Permutation] };
            case StepEntry.KindOneofCase.Reshape:
                return new ReshapeStep { Name = name, Output = output, Input = entry.Reshape.Input };
            case StepEntry.KindOneofCase.Result:
                return Read(entry.Result, name, output);
            case StepEntry.KindOneofCase.None:
            default:
                throw new PlanFormatException($"Step '{name}' has no kind that this build knows.");
        }
    }

    private static ConvolutionStep Read(ConvolutionEntry entry, string name, int output)
    {
        RlweEntry rlwe = Required(entry.Rlwe, name);
        return new ConvolutionStep
        {
            Name = name,
            Output = output,
            Input = entry.Input,
            Weight = entry.Weight,
            Bias = entry.HasBias ? entry.Bias : null,
            IsFullyConnected = entry.FullyConnected,
            Geometry = Read(Required(entry.Geometry, name)),
            Rlwe = new RlweSettings
            {
                Degree = rlwe.Degree,
                PrimeCount = rlwe.PrimeCount,
                WeightNormBits = rlwe.WeightNormBits,
                FloodBits = rlwe.FloodBits,
            },
        };
    }

    private static NonLinearStep Read(NonLinearEntry entry, string name, int output) => new()
    {
        Name = name,
        Output = output,
        Input = entry.Input,
        InputBits = entry.InputBits,
        Shift = entry.Shift,
        Activation = entry.Activation switch
        {
            NonLinearEntry.Types.Activation.None => Activation.None,
            NonLinearEntry.Types.Activation.Relu => Activation.Relu,
            NonLinearEntry.Types.Activation.Clip => Activation.Clip,
            _ => throw new PlanFormatException($"Step '{name}' has an activation ({(int)entry.Activation}) that this build does not know."),
        },
        Lower = entry.Lower,
        Upper = entry.Upper,
        Pool = entry.Pool is { } pool ? Read(pool) : null,
        Method = Read(entry.Method, name),
    };

    private static PolynomialStep Read(PolynomialEntry entry, string name, int output) => new()
    {
        Name = name,
        Output = output,
        Input = entry.Input,
        Degree = entry.Degree,
        Inner = entry.Inner,
        Coefficients = entry.HighCoefficients.Count == 0
            ? [.. entry.Coefficients]
            : [.. entry.Coefficients.Zip(entry.HighCoefficients, (low, high) => new Int128((ulong)high, (ulong)low))],
        InputShift = entry.InputShift,
        OutputShift = entry.OutputShift,
        RingBits = entry.RingBits,
        Method = ReadMethod(name, entry.Method),
    };

    private static SharedSignStep Read(SharedSignEntry entry, string name, int output) => new()
    {
        Name = name,
        Output = output,
        Input = entry.Input,
        Decision = entry.Decision,
        DecisionBits = entry.DecisionBits,
        Groups = IndexMap.FromCode([.. entry.Groups]),
        Turned = [.. entry.Turned.Span],
        Noise = entry.NoiseBits == 0 ? null : new DecisionNoise(entry.NoiseBits, entry.NoiseThreshold),
        Method = Read(entry.Method, name),
    };

    private static NonLinearMethod Read(NonLinearEntry.Types.Method method, string step) => method switch
    {
        NonLinearEntry.Types.Method.Garbled => NonLinearMethod.Garbled,
        NonLinearEntry.Types.Method.ObliviousTransfer => NonLinearMethod.ObliviousTransfer,
        _ => throw new PlanFormatException($"Step '{step}' has a method ({(int)method}) that this build does not know."),
    };

    private static OutputStep Read(OutputEntry entry, string name, int output) => new()
    {
        Name = name,
        Output = output,
        Input = entry.Input,
        Function = entry.Function switch
        {
            OutputEntry.Types.Function.None => OutputFunction.None,
            OutputEntry.Types.Function.Softmax => OutputFunction.Softmax,
            OutputEntry.Types.Function.ArgMax => OutputFunction.ArgMax,
            _ => throw new PlanFormatException($"Step '{name}' has an output function ({(int)entry.Function}) that this build does not know."),
        },
        Axis = entry.Axis,
        KeepAxis = entry.KeepAxis,
        SelectLast = entry.SelectLast,
    };

    private static ConvolutionGeometry Read(ConvolutionGeometryEntry entry) => new()
    {
        Batch = entry.Batch,
        InputChannels = entry.InputChannels,
        InputHeight = entry.InputHeight,
        InputWidth = entry.InputWidth,
        OutputChannels = entry.OutputChannels,
        KernelHeight = entry.KernelHeight,
        KernelWidth = entry.KernelWidth,
        StrideHeight = entry.StrideHeight,
        StrideWidth = entry.StrideWidth,
        DilationHeight = entry.DilationHeight,
        DilationWidth = entry.DilationWidth,
        PadTop = entry.PadTop,
        PadLeft = entry.PadLeft,
        PadBottom = entry.PadBottom,
        PadRight = entry.PadRight,
        Groups = entry.Groups,
    };

    private static PoolGeometry Read(PoolGeometryEntry entry) => new()
    {
        Planes = entry.Planes,
        InputHeight = entry.InputHeight,
        InputWidth = entry.InputWidth,
        OutputHeight = entry.OutputHeight,
        OutputWidth = entry.OutputWidth,
        KernelHeight = entry.KernelHeight,
        KernelWidth = entry.KernelWidth,
        StrideHeight = entry.StrideHeight,
        StrideWidth = entry.StrideWidth,
        DilationHeight = entry.DilationHeight,
        DilationWidth = entry.DilationWidth,
        PadTop = entry.PadTop,
        PadLeft = entry.PadLeft,
    };

    private static T Required<T>(T? entry, string step)
        where T : class
        => entry ?? throw new PlanFormatException($"Step '{step}' is incomplete.");

    private static PowerMethod ReadMethod(string name, PolynomialEntry.Types.Method method) => method switch
    {
        PolynomialEntry.Types.Method.HoneyBadger => PowerMethod.HoneyBadger,
        PolynomialEntry.Types.Method.Binomial => PowerMethod.Binomial,
        PolynomialEntry.Types.Method.Beaver => PowerMethod.Beaver,
        _ => throw new PlanFormatException($"Step '{name}' has a method ({(int)method}) that this build does not know."),
    };
}
