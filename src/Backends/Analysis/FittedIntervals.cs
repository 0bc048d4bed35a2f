using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Analysis;

/// <summary>
/// What polynomial activations get on calibration samples, beside the intervals they were fitted on. Beyond its interval a polynomial
/// follows no activation, and grows with its degree.
/// </summary>
internal sealed class FittedIntervals
{
    private readonly ImmutableArray<Observation> _observations;
    private readonly ILookup<Value, Observation> _ofValue;

    public FittedIntervals(Graph graph)
    {
        _observations = [.. graph.Nodes.Where(n => n.Operation is Polynomial { Fitted: not null }).Select(n => new Observation(n, ((Polynomial)n.Operation).Fitted!.Value))];
        _ofValue = _observations.ToLookup(o => o.Argument);
    }

    /// <summary>Takes a value of one sample.</summary>
    public void Observe(Value value, Tensor tensor)
    {
        foreach (Observation observation in _ofValue[value])
            observation.Add(tensor.Floats);
    }

    /// <summary>A warning for each polynomial of which a larger part of the inputs lies outside, in graph order.</summary>
    public ImmutableArray<CompileDiagnostic> Warnings(double threshold)
        => [.. _observations.Where(o => o.Outside > threshold).Select(o => o.ToDiagnostic())];

    /// <summary>The program with an interval for every polynomial: the one it was fitted on, else what was observed.</summary>
    /// <exception cref="UnsupportedOperationsException">Some polynomials have neither; all are listed.</exception>
    /// <exception cref="ArgumentException">There is no polynomial.</exception>
    public static RealProgram Require(RealProgram program, IReadOnlyDictionary<Value, Interval> observed)
    {
        RealProgram complete = new([.. program.Steps.Select(s => s is RealPolynomial { Fitted: null } p && observed.TryGetValue(p.Argument, out Interval seen) ? p with { Fitted = seen } : s)]);
        RealPolynomial[] polynomials = [.. complete.Steps.OfType<RealPolynomial>()];
        if (polynomials.Length == 0)
            throw new ArgumentException("The model has no polynomial activation of degree 2 or more, whose range could be checked; compile without --range-check.", nameof(program));
        ImmutableArray<CompileDiagnostic> unknown = [.. polynomials.Where(p => p.Fitted is null).Select(p => new CompileDiagnostic(
            CompileDiagnosticCodes.UnknownInterval, p.Name, "polynomial", "It is not known on which interval it was fitted.", "Give samples (--calibrate), whose range is checked for, or fit it with the pass 'polynomial'."))];
        return unknown.IsEmpty ? complete : throw new UnsupportedOperationsException(unknown);
    }

    private sealed class Observation(Node node, Interval fitted)
    {
        private Interval _seen = new(double.PositiveInfinity, double.NegativeInfinity);
        private long _outside;
        private long _all;

        public Value Argument => node.Inputs[0];

        /// <summary>The part of all inputs that lies outside.</summary>
        public double Outside => (double)_outside / Math.Max(1, _all);

        public void Add(ReadOnlySpan<float> elements)
        {
            foreach (float x in elements)
            {
                _all++;
                _outside += x >= fitted.Minimum && x <= fitted.Maximum ? 0 : 1;
                _seen = _seen.Hull(Interval.Point(x));
            }
        }

        public CompileDiagnostic ToDiagnostic()
        {
            double worst = fitted.Minimum - _seen.Minimum > _seen.Maximum - fitted.Maximum ? _seen.Minimum : _seen.Maximum;
            Interval suggested = _seen.Hull(fitted).RoundOutwards();
            return new CompileDiagnostic(
                CompileDiagnosticCodes.OutsideOfInterval, node.Name, node.Operation.Name,
                string.Create(CultureInfo.InvariantCulture, $"{Outside:0.###%} of its inputs on calibration samples lie outside of {fitted.Minimum:0.###}..{fitted.Maximum:0.###}, on which it was fitted, and the worst is {worst:0.###}: predictions may change."),
                string.Create(CultureInfo.InvariantCulture, $"Fit it on {suggested.Minimum:0.###}..{suggested.Maximum:0.###} (polynomial:range=), or train with a penalty on what leaves the interval."));
        }
    }
}
