using System.Collections.Immutable;
using PrivateInference.Backends.Lowering;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Analysis;

/// <summary>
/// Interval analysis: the range of every value for any input in the input range, per channel and with the weights' signs.
/// Where calibration observed a value, its widened observed range narrows the interval.
/// </summary>
internal sealed class RangeAnalysis
{
    private readonly RealProgram _program;
    private readonly Interval _input;
    private readonly IReadOnlyDictionary<Value, Interval> _observed;
    private readonly ValueRange[] _ranges;

    private RangeAnalysis(RealProgram program, Interval input, IReadOnlyDictionary<Value, Interval> observed)
    {
        _program = program;
        _input = input;
        _observed = observed;
        _ranges = new ValueRange[program.Steps.Length];
    }

    /// <param name="program">The lowered model.</param>
    /// <param name="input">The range of the model's input; the client clamps to it.</param>
    /// <param name="observed">Widened observed ranges of some values.</param>
    /// <returns>One range per step.</returns>
    public static ImmutableArray<ValueRange> Run(RealProgram program, Interval input, IReadOnlyDictionary<Value, Interval> observed)
    {
        RangeAnalysis analysis = new(program, input, observed);
        for (int i = 0; i < program.Steps.Length; i++)
            analysis._ranges[i] = analysis.Narrow(program.Steps[i], analysis.Analyse(program.Steps[i]));
        return [.. analysis._ranges];
    }

    private ValueRange Narrow(RealStep step, ValueRange range)
    {
        if (!_observed.TryGetValue(step.Source, out Interval observed))
            return range;
        ImmutableArray<Interval> channels = [.. range.Channels.Select(c => c.Intersect((1 / step.SourceUnit) * observed))];
        return new ValueRange(range.Map, channels, range.IsCalibrated || !channels.SequenceEqual(range.Channels));
    }

    private ValueRange Analyse(RealStep step) => step switch
    {
        RealInput s => new ValueRange(new ChannelMap(1, step.Shape.Count), [Input(s)]),
        RealConvolution s => Convolution(s),
        RealAddConstant s => AddConstant(s),
        RealAdd s => Add(s),
        RealAveragePool s => AveragePool(s),
        RealNonLinear s => NonLinear(s),
        RealSharedSign s => Like(s.Input, _ranges[s.Input].Map, _ranges[s.Input].Channels.Select(c => c.Hull(default))),
        RealPolynomial s => Polynomial(s),
        RealConcat s => Concat(s),
        RealTranspose or RealSlice or RealPad => Moved(step),
        RealReshape or RealOutput => _ranges[step.Inputs[0]],
        _ => throw new InvalidOperationException($"Unknown step {step.GetType().Name}."),
    };

    private Interval Input(RealInput step)
    {
        Interval range = (1 / step.Unit) * _input;
        return step.IsInteger ? Round(range).Clamp(step.Lower, step.Upper) : range;
    }

    private ValueRange Convolution(RealConvolution step)
    {
        ConvolutionGeometry g = step.Geometry;
        bool padded = g.PadTop + g.PadLeft + g.PadBottom + g.PadRight > 0;
        Interval[] input = InputUnder(step.Input, new ChannelMap(g.InputChannels, g.InputHeight * g.InputWidth));
        if (padded)
            input = [.. input.Select(i => i.Hull(default))];
        int area = g.KernelHeight * g.KernelWidth;
        Interval[] output = new Interval[g.OutputChannels];
        for (int m = 0; m < output.Length; m++)
        {
            Interval sum = new(step.Bias[m], step.Bias[m]);
            int firstChannel = m / g.OutputChannelsPerGroup * g.InputChannelsPerGroup;
            for (int k = 0; k < g.Taps; k++)
                sum += step.Weights[(m * g.Taps) + k] * input[firstChannel + (k / area)];
            output[m] = sum;
        }

        return Like(step.Input, new ChannelMap(g.OutputChannels, g.OutputHeight * g.OutputWidth), output);
    }

    private ValueRange AddConstant(RealAddConstant step)
    {
        ChannelMap map = ChannelMap.PerElement(step.Shape.Count);
        IEnumerable<Interval> sums = InputUnder(step.Input, map).Zip(step.Constant, (x, c) => x + new Interval(c, c));
        return Like(step.Input, map, sums);
    }

    private ValueRange Add(RealAdd step)
    {
        ChannelMap map = _ranges[step.Left].Map == _ranges[step.Right].Map ? _ranges[step.Left].Map : ChannelMap.PerElement(step.Shape.Count);
        IEnumerable<Interval> sums = InputUnder(step.Left, map).Zip(InputUnder(step.Right, map), (a, b) => step.Subtract ? a - b : a + b);
        return new ValueRange(map, [.. sums], _ranges[step.Left].IsCalibrated || _ranges[step.Right].IsCalibrated);
    }

    private ValueRange AveragePool(RealAveragePool step)
    {
        PoolGeometry pool = step.Pool;
        bool countsPadding = step.Divisors.Where((d, i) => d != PoolWindow.At(pool, i / pool.OutputWidth, i % pool.OutputWidth).Count).Any();
        IEnumerable<Interval> planes = InputUnder(step.Input, InputPlanes(pool));
        return Like(step.Input, OutputPlanes(pool), countsPadding ? planes.Select(p => p.Hull(default)) : planes);
    }

    private ValueRange NonLinear(RealNonLinear step)
    {
        (double lower, double upper) = step.Bounds;
        ChannelMap map = step.Pool is null ? _ranges[step.Input].Map : OutputPlanes(step.Pool);
        Interval[] input = InputUnder(step.Input, step.Pool is null ? map : InputPlanes(step.Pool));
        return Like(step.Input, map, input.Select(i => (step.IsInteger ? Round(i) : i).Clamp(lower, upper)));
    }

    private ValueRange Polynomial(RealPolynomial step)
    {
        ChannelMap map = step.Join(_ranges[step.Input].Map);
        return Like(step.Input, map, InputUnder(step.Input, map).Select((range, c) => PolynomialBounds.Range(step.Of(step.CoefficientsOf(map, c)), range)));
    }

    private ValueRange Moved(RealStep step)
    {
        ValueRange input = _ranges[step.Inputs[0]];
        Interval padding = step is RealPad pad ? new Interval(pad.Value, pad.Value) : default;
        IEnumerable<Interval> elements = ElementSources.Of(step, _program.Steps[step.Inputs[0]].Shape)
            .Select(i => i < 0 ? padding : input.Channels[input.Map.ChannelOf(i)]);
        return Like(step.Inputs[0], ChannelMap.PerElement(step.Shape.Count), elements);
    }

    private ValueRange Concat(RealConcat step)
    {
        ValueRange[] operands = [.. step.Operands.Select(i => _ranges[i])];
        IEnumerable<Interval> elements = ElementSources.Of(step, [.. step.Operands.Select(i => _program.Steps[i].Shape)])
            .Select(e => operands[e.Operand].Channels[operands[e.Operand].Map.ChannelOf(e.Element)]);
        return new ValueRange(ChannelMap.PerElement(step.Shape.Count), [.. elements], operands.Any(o => o.IsCalibrated));
    }

    private Interval[] InputUnder(int input, ChannelMap map) => _ranges[input].Under(map, _program.Steps[input].Shape.Count);

    private ValueRange Like(int input, ChannelMap map, IEnumerable<Interval> channels)
        => new(map, [.. channels], _ranges[input].IsCalibrated);

    /// <summary>Both ends to integers; halves outwards, as rounding may take them either way.</summary>
    internal static Interval Round(Interval interval) => new(Math.Ceiling(interval.Minimum - 0.5), Math.Floor(interval.Maximum + 0.5));

    internal static ChannelMap InputPlanes(PoolGeometry pool) => new(pool.Planes, pool.InputHeight * pool.InputWidth);

    internal static ChannelMap OutputPlanes(PoolGeometry pool) => new(pool.Planes, pool.OutputHeight * pool.OutputWidth);
}
