using System.Globalization;
using PrivateInference.CommandLine.Output;
using PrivateInference.Frontend.Data;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Support;

/// <summary>The float model and the plan's clear execution on the same samples.</summary>
internal sealed class ClearComparison
{
    private readonly int[] _floatClasses;
    private readonly int[] _planClasses;
    private readonly int?[] _labels;
    private readonly OutputError[] _errors;
    private readonly double? _step;
    private readonly IntegerDifference[] _integers;

    private ClearComparison(bool isClassification, double? step, int count, int kept)
    {
        IsClassification = isClassification;
        _errors = new OutputError[count];
        _step = step;
        _integers = new IntegerDifference[count];
        _floatClasses = new int[count];
        _planClasses = new int[count];
        _labels = new int?[count];
        FixedPointOutputs = new long[kept][];
    }

    /// <summary>The plan's output integers for the first samples, as many as were asked for.</summary>
    public long[][] FixedPointOutputs { get; }

    /// <summary>Whether the output names a class; otherwise (a regression, a feature map) its elements are compared.</summary>
    public bool IsClassification { get; }

    public int Samples => _labels.Length;

    /// <summary>How many different classes the float model predicts.</summary>
    public int ClassesSeen => _floatClasses.Distinct().Count();

    /// <summary>The largest difference of an output element, relative to the range of the float model's, with 0 in it.</summary>
    public double RelativeError => _errors.Aggregate(default(OutputError), (all, e) => all.Join(e)).Relative;

    /// <summary>The difference of all outputs in steps of their quantisation; null where they have none.</summary>
    public IntegerDifference? Integers => _step is null ? null : _integers.Aggregate((all, i) => all.Join(i));

    /// <summary>The part of the samples on which both predict the same class.</summary>
    public double Agreement => Part(i => _floatClasses[i] == _planClasses[i]);

    /// <summary>The part of the samples whose label the float model predicts; null where some have none.</summary>
    public double? FloatAccuracy => Accuracy(_floatClasses);

    /// <summary>The part of the samples whose label the plan predicts; null where some have none.</summary>
    public double? PlanAccuracy => Accuracy(_planClasses);

    /// <param name="plan">The plan.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="model">The reference.</param>
    /// <param name="data">Samples of the model's input type.</param>
    /// <param name="count">How many of them to run.</param>
    /// <param name="kept">How many outputs to keep; those of a feature map are large.</param>
    /// <param name="log">Is told how far it has come.</param>
    /// <param name="cancellation">Ends the comparison.</param>
    public static ClearComparison Run(
        ExecutionPlan plan, ModelWeights weights, FloatModel model, IReadOnlyList<Sample> data, int count, int kept, ProgressLog log, CancellationToken cancellation)
    {
        ClearComparison comparison = new(Classes.IsClassification(plan), model.OutputStep, count, kept);
        Action<int> progress = log.Counter("float model and plan in the clear", count);
        int done = 0;
        // Each worker has an interpreter, with room for all values of the plan.
        ParallelOptions options = new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, count, options, () => new FixedPointInterpreter(plan, weights), (i, _, interpreter) =>
        {
            comparison.Compare(i, plan, interpreter, model, data[i]);
            progress(Interlocked.Increment(ref done));
            return interpreter;
        }, _ => { });
        return comparison;
    }

    public object ToJson(int secureSamples, int secureExact) => new
    {
        Samples = _labels.Length,
        FloatAccuracy,
        FixedPointAccuracy = PlanAccuracy,
        Agreement,
        IsClassification,
        RelativeError,
        Integers = Integers?.Integers,
        IntegersDifferent = Integers?.Different,
        LargestSteps = Integers?.LargestSteps,
        SecureSamples = secureSamples,
        SecureEqualsFixedPoint = secureExact,
    };

    public void Print(int secureSamples, int secureExact)
    {
        Console.WriteLine($"samples                                {Quantities.Count(_labels.Length)}");
        if (FloatAccuracy is { } floatAccuracy && PlanAccuracy is { } planAccuracy)
        {
            Console.WriteLine($"accuracy of the float model            {Percent(floatAccuracy)}");
            Console.WriteLine($"accuracy of the plan                   {Percent(planAccuracy)}");
        }

        if (IsClassification)
            Console.WriteLine($"plan and float model agree             {Percent(Agreement)}");
        Console.WriteLine($"largest error ÷ range of the output    {RelativeError.ToString("0.######", CultureInfo.InvariantCulture)}");
        if (Integers is { } integers)
            Console.WriteLine($"quantised output                       {integers}");
        if (secureSamples > 0)
            Console.WriteLine($"secure run equals the plan bit for bit {secureExact} of {secureSamples}");
    }

    private void Compare(int index, ExecutionPlan plan, FixedPointInterpreter interpreter, FloatModel model, Sample sample)
    {
        ReadOnlySpan<float> input = sample.Input.Floats;
        ulong[] words = new ulong[input.Length];
        Ring ring = new(plan.RingBits);
        FixedPointEncoding.Encode(plan.Values[plan.Steps[0].Output], ring, input, words);
        ReadOnlySpan<ulong> opened = interpreter.Run(words);
        if (index < FixedPointOutputs.Length)
            FixedPointOutputs[index] = Array.ConvertAll(opened.ToArray(), ring.ToSigned);
        ReadOnlySpan<float> actual = OutputDecoder.Decode(plan, opened).Elements.AsSpan(), expected = model.Run(input);
        _planClasses[index] = Classes.Of(actual);
        _floatClasses[index] = Classes.Of(expected);
        _errors[index] = OutputError.Of(actual, expected);
        if (_step is { } step)
            _integers[index] = IntegerDifference.Of(actual, expected, step);
        _labels[index] = sample.Label;
    }

    private double? Accuracy(int[] classes) => _labels.All(l => l is not null) ? Part(i => classes[i] == _labels[i]) : null;

    private double Part(Func<int, bool> holds)
        => _labels.Length == 0 ? 1 : Enumerable.Range(0, _labels.Length).Count(holds) / (double)_labels.Length;

    private static string Percent(double part) => part.ToString("P2", CultureInfo.InvariantCulture);
}
