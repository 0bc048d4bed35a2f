using System.Collections.Immutable;
using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Emission;
using PrivateInference.Backends.Lowering;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Execution;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends;

/// <summary>
/// From a graph to a plan: lower the operations, analyse ranges, choose scales and truncations, choose the ring. Equal
/// inputs give equal plans and weights.
/// </summary>
public static class BackendCompiler
{
    private const int CalibratedActivationBits = 12;
    private const int UncalibratedActivationBits = 16;
    private const int DefaultWeightBits = 12;

    /// <param name="graph">A graph in canonical form.</param>
    /// <param name="options">How to compile it.</param>
    /// <param name="calibration">Sample inputs; without them ranges come from interval analysis alone, which is safe and wide.</param>
    /// <exception cref="UnsupportedOperationsException">Some nodes have no secure protocol; all are listed.</exception>
    /// <exception cref="ArgumentException">A range check is wanted, and there is no polynomial.</exception>
    /// <exception cref="ProtocolOverrideException">An override names no step, asks for what a step cannot have, or the backend leaves no choice.</exception>
    /// <exception cref="RingOverflowException">A value needs more than 64 bits.</exception>
    /// <exception cref="PowerMethodException">The way to have powers is none for some polynomial.</exception>
    /// <exception cref="TruncationFailureException">Local truncation would fail too often.</exception>
    /// <exception cref="GraphException">A calibration sample does not fit the graph.</exception>
    /// <exception cref="PlanFormatException">The model is larger than <see cref="PlanLimits"/> allow.</exception>
    public static CompiledModel Compile(Graph graph, CompileOptions options, CalibrationData? calibration = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        if (!options.Protocols.IsEmpty && !Backend.Find(options.Backend).ChoosesMethods)
            throw new ProtocolOverrideException($"Backend '{options.Backend}' leaves no choice of protocols; compile with backend 'hybrid'.");
        RealProgram program = GraphLowering.Lower(graph, Backend.Find(options.Backend).HasComparisons);
        FittedIntervals intervals = new(graph);
        Dictionary<Value, Interval> observed = calibration is null ? [] : Calibration.Observe(graph, calibration, intervals);
        if (options.RangeCheckMargin is not null)
            program = FittedIntervals.Require(program, observed);
        Interval seen = InputRange(program, observed.GetValueOrDefault(graph.Inputs[0], new Interval(0, 1)));
        Interval input = new(options.InputMinimum ?? seen.Minimum, options.InputMaximum ?? seen.Maximum);
        observed.Remove(graph.Inputs[0]);
        Dictionary<Value, Interval> widened = observed.ToDictionary(o => o.Key, o => o.Value.Widen(options.CalibrationMargin));
        ImmutableArray<ValueRange> ranges = RangeAnalysis.Run(program, input, widened);
        int activationBits = options.ActivationBits ?? (calibration is null ? UncalibratedActivationBits : CalibratedActivationBits);
        int weightBits = options.WeightBits ?? DefaultWeightBits;
        return options is { ActivationBits: null, WeightBits: null } && IsVector(graph.Outputs[0].Shape) ? PrecisionSearch.Run(Compile) : Compile(extraBits: 0);

        CompiledModel Compile(int extraBits)
        {
            (ExecutionPlan plan, ModelWeights weights)
                = PlanChoice.Emit(program, ranges, activationBits + extraBits, weightBits + extraBits, options.Name ?? graph.Name, options);
            if (TruncationFailure.Of(plan) is var failure && failure > options.MaxTruncationFailure)
                throw new TruncationFailureException(failure, options.MaxTruncationFailure);
            return new CompiledModel(plan, weights, calibration is null ? null : new CalibrationCheck(graph, plan, weights).Run(calibration))
            {
                Warnings = intervals.Warnings(options.OutsideWarning),
            };
        }
    }

    private static bool IsVector(Shape shape) => shape.Dimensions.Count(d => d != 1) < 2;

    /// <summary>The range of the model's input: a quantised one has its type's, whatever was observed.</summary>
    private static Interval InputRange(RealProgram program, Interval seen)
        => program.Steps[0] is RealInput { IsInteger: true } input ? input.Unit * new Interval(input.Lower, input.Upper) : seen;

    /// <summary>What keeps a graph from being compiled: every node without a secure protocol. Empty when there is none.</summary>
    public static ImmutableArray<CompileDiagnostic> Check(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        try
        {
            GraphLowering.Lower(graph);
            return [];
        }
        catch (UnsupportedOperationsException e)
        {
            return e.Diagnostics;
        }
    }

    /// <summary>
    /// Sign decisions (DReLU evaluations) an inference of the compiled graph makes, after what the lowering fuses by itself;
    /// null where the graph cannot be compiled. A quantised model's plan may have fewer: it leaves out the bounds that ranges
    /// show no integer to reach.
    /// </summary>
    public static long? CountSignDecisions(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        try
        {
            return GraphLowering.Lower(graph).Steps.Sum(s => s.SignDecisions);
        }
        catch (UnsupportedOperationsException)
        {
            return null;
        }
    }
}
