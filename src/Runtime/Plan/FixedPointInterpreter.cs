using System.Numerics;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan;

/// <summary>
/// Executes a plan in the clear with the plan's own ring arithmetic; this defines what a plan means. It keeps its buffers
/// between runs, so an instance serves one thread.
/// </summary>
public sealed class FixedPointInterpreter
{
    private readonly ExecutionPlan _plan;
    private readonly Ring _ring;
    private readonly ulong[][] _weights;
    private readonly ulong[][] _values;
    private readonly long[] _signed;
    private readonly long[] _pooled;

    /// <exception cref="PlanFormatException">The plan is not valid, or the weights do not fit it.</exception>
    public FixedPointInterpreter(ExecutionPlan plan, ModelWeights weights)
    {
        PlanVerifier.Require(plan, weights);
        _plan = plan;
        _ring = new Ring(plan.RingBits);
        _weights = [.. weights.Tensors.Select(t => t.Elements.Select(_ring.FromSigned).ToArray())];
        _values = [.. plan.Values.Select(v => new ulong[v.Count])];
        IEnumerable<NonLinearStep> nonLinear = plan.Steps.OfType<NonLinearStep>();
        _signed = new long[nonLinear.Select(s => plan.Values[s.Input].Count).DefaultIfEmpty().Max()];
        _pooled = new long[nonLinear.Select(s => plan.Values[s.Output].Count).DefaultIfEmpty().Max()];
    }

    /// <summary>
    /// What the parties would have drawn: for a step with <see cref="SharedSignStep.Noise"/> which elements get the opposite of
    /// their decision. Without it none do, which is one of the step's possible results.
    /// </summary>
    public Func<SharedSignStep, IReadOnlyList<bool>>? DrawNoise { get; init; }

    /// <summary>
    /// Uniform words that faithful and local divisions round by: each up with the probability of its fraction, as the parties'
    /// random shares have it. Many runs show how far secure results scatter. Without it divisions round to the nearest integer.
    /// </summary>
    public Func<ulong>? DrawRounding { get; init; }

    /// <summary>What the plan's range check found in the last run; null where the plan has none, and before.</summary>
    public bool? OutOfRange { get; private set; }

    /// <summary>Encodes the input, executes every step, and decodes the result.</summary>
    /// <param name="input">The model's input, row-major.</param>
    /// <param name="observer">Called after each step.</param>
    /// <exception cref="ArgumentException">The input does not fit the plan.</exception>
    public DecodedOutput Infer(ReadOnlySpan<float> input, StepObserver? observer = null)
    {
        PlanValue value = _plan.Values[_plan.Steps[0].Output];
        ulong[] words = new ulong[value.Count];
        FixedPointEncoding.Encode(value, _ring, input, words);
        return OutputDecoder.Decode(_plan, Run(words, observer));
    }

    /// <summary>Executes every step on the encoded input; returns the opened output, valid until the next run.</summary>
    /// <exception cref="ArgumentException">The input does not fit the plan.</exception>
    public ReadOnlySpan<ulong> Run(ReadOnlySpan<ulong> input, StepObserver? observer = null)
    {
        if (input.Length != _values[_plan.Steps[0].Output].Length)
            throw new ArgumentException($"The input has {input.Length} elements; the plan takes {_values[_plan.Steps[0].Output].Length}.", nameof(input));
        foreach (PlanStep step in _plan.Steps)
        {
            ulong[] output = _values[step.Output];
            if (step is InputStep)
                input.CopyTo(output);
            else
                Execute(step, output);
            _ring.Reduce(output);
            observer?.Invoke(step, output);
        }

        return _values[_plan.Steps[^1].Output];
    }

    private void Execute(PlanStep step, ulong[] output)
    {
        switch (step)
        {
            case ConvolutionStep s:
                Convolve(s, output);
                break;
            case NonLinearStep s:
                ApplyNonLinear(s, output);
                break;
            case SharedSignStep s:
                ApplySharedSign(s, output);
                break;
            case PolynomialStep s:
                if (s.PowerBits(_plan) > Words.NarrowBits)
                    ApplyPolynomial<UInt128>(s, output);
                else
                    ApplyPolynomial<ulong>(s, output);
                break;
            case RangeCheckStep s:
                OutOfRange = IsOutOfRange(s);
                output[0] = OutOfRange.Value ? 1UL : 0;
                break;
            case TruncateStep s:
                SharedShift shift = new(_ring.Bits, s.Shift, _ring.Bits);
                for (int i = 0; i < output.Length; i++)
                    output[i] = Divide<ulong, ulong>(shift, _values[s.Input][i]);
                break;
            case OutputStep s:
                _values[s.Input].CopyTo(output, 0);
                break;
            default:
                LocalSteps.Execute(_plan, step, _values, _weights, output);
                break;
        }
    }

    private void Convolve(ConvolutionStep step, ulong[] output)
    {
        RingConvolution.Apply(step.Geometry, _values[step.Input], _weights[step.Weight], output);
        if (step.Bias is { } bias)
            RingConvolution.AddBias(step.Geometry, _weights[bias], output);
    }

    private void ApplySharedSign(SharedSignStep step, ulong[] output)
    {
        ulong[] input = _values[step.Input], decisions = _values[step.Decision];
        int[] groups = step.Groups.Expand();
        IReadOnlyList<bool>? noise = step.Noise is null ? null : DrawNoise?.Invoke(step);
        for (int i = 0; i < output.Length; i++)
        {
            bool isTurned = !step.Turned.IsEmpty && (PackedBits.Bit(step.Turned.AsSpan(), i) & 1) == 1;
            bool isKept = Ring.ToSigned(decisions[groups[i]], step.DecisionBits) >= 0;
            output[i] = isKept ^ isTurned ^ (noise?[i] ?? false) ? input[i] : 0;
        }
    }

    private void ApplyPolynomial<TWord>(PolynomialStep step, ulong[] output)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        ulong[] input = _values[step.Input];
        int powerBits = step.PowerBits(_plan);
        SharedShift before = new(_ring.Bits, step.InputShift, powerBits), after = new(powerBits, step.OutputShift, _ring.Bits);
        RingPolynomial<TWord> polynomial = new(step);
        for (int i = 0; i < output.Length; i++)
            output[i] = Divide<TWord, ulong>(after, polynomial.Evaluate(i, Divide<ulong, TWord>(before, input[i])));
    }

    private TTo Divide<TFrom, TTo>(SharedShift shift, TFrom number)
        where TFrom : unmanaged, IBinaryInteger<TFrom>, IUnsignedNumber<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>, IUnsignedNumber<TTo>
        => DrawRounding is null
            ? shift.Round<TFrom, TTo>(number)
            : shift.Round<TFrom, TTo>(number, TFrom.CreateTruncating(new UInt128(DrawRounding(), DrawRounding())));

    private bool IsOutOfRange(RangeCheckStep step)
    {
        Ring elements = new(_ring.Bits - step.Shift);
        SharedShift shift = new(_ring.Bits, step.Shift, elements.Bits);
        for (int i = 0; i < step.Checked.Length; i++)
        {
            ulong width = (ulong)(step.Upper[i] - step.Lower[i]), lower = (ulong)step.Lower[i];
            foreach (ulong x in _values[step.Checked[i]])
            {
                if (((shift.Round<ulong, ulong>(x) - lower) & elements.Mask) > width)
                    return true;
            }
        }

        return false;
    }

    private void ApplyNonLinear(NonLinearStep step, ulong[] output)
    {
        ulong[] input = _values[step.Input];
        Span<long> elements = _signed.AsSpan(0, input.Length);
        for (int i = 0; i < input.Length; i++)
            elements[i] = Ring.ToSigned(input[i], step.InputBits);
        if (step.Pool is { } pool)
        {
            Span<long> pooled = _pooled.AsSpan(0, output.Length);
            RingPooling.Max(pool, elements, pooled);
            elements = pooled;
        }

        (long lower, long upper) = step.Activation switch
        {
            Activation.None => (long.MinValue, long.MaxValue),
            Activation.Relu => (0, long.MaxValue),
            Activation.Clip => (step.Lower, step.Upper),
            _ => throw new InvalidOperationException($"Unknown activation {step.Activation}."),
        };
        for (int i = 0; i < output.Length; i++)
            output[i] = (ulong)Math.Clamp(elements[i] >> step.Shift, lower, upper);
    }
}
