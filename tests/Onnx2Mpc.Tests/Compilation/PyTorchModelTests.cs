using PrivateInference.Backends;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Testing;

namespace PrivateInference.CommandLine.Tests.Compilation;

/// <summary>Which of the exported models compile, and that their plans compute what the models do.</summary>
public sealed class PyTorchModelTests
{
    /// <summary>Largest error of a plan's output, relative to the output's range. What is measured stays under 0.0018.</summary>
    private const double Tolerance = 0.005;

    private static readonly PyTorchModel[] _models = [.. PyTorchModel.Names.Select(PyTorchModel.Load)];

    public static TheoryData<string> Compiling => [.. _models.Where(m => m.Findings.IsEmpty).Select(m => m.Name)];

    public static TheoryData<string> Refused => [.. _models.Where(m => !m.Findings.IsEmpty).Select(m => m.Name)];

    [Fact]
    public void What_compiles_and_why_the_rest_does_not_is_unchanged()
        => Golden.Matches("pytorch/compilation.txt", string.Concat(_models.Select(m => m.Describe())));

    [Theory]
    [MemberData(nameof(Compiling))]
    public void A_plan_computes_what_the_model_computes(string name)
    {
        PyTorchModel model = Model(name);
        CalibrationData samples = model.RandomSamples();
        CompiledModel calibrated = model.Compile(samples), uncalibrated = model.Compile();
        Assert.Empty(calibrated.Calibration!.OutOfRange);
        foreach (Tensor sample in samples.Samples)
        {
            RequireAgreement(model.Graph, calibrated, sample);
            RequireAgreement(model.Graph, uncalibrated, sample);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_refusal_gives_all_reasons_at_once_and_where_they_are(string name)
    {
        PyTorchModel model = Model(name);
        UnsupportedOperationsException refusal = Assert.Throws<UnsupportedOperationsException>(() => model.Compile());
        Assert.Equal(model.Findings.AsEnumerable(), refusal.Diagnostics);
        Assert.Equal(model.Findings.Distinct(), model.Findings);
        string[] places = [model.Graph.Name, .. model.Graph.Outputs.Select(o => o.Name), .. model.Graph.Nodes.Select(n => n.Name)];
        Assert.All(model.Findings, finding =>
        {
            Assert.Contains(finding.Node, places);
            Assert.NotEmpty(finding.Message);
            Assert.Contains(finding.ToString(), refusal.Message, StringComparison.Ordinal);
        });
    }

    private static PyTorchModel Model(string name) => Array.Find(_models, m => m.Name == name)!;

    /// <summary>The plan's own bound holds, and far more than it promises.</summary>
    private static void RequireAgreement(Graph graph, CompiledModel model, Tensor input)
    {
        float[] expected = Reference(graph, input), actual = Execute(model, input);
        Assert.Equal(expected.Length, actual.Length);
        PlanValue output = model.Plan.Values[model.Plan.Steps[^1].Output];
        double error = expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second));
        double range = Math.Max(0, expected.Max()) - Math.Min(0, expected.Min());
        double singlePrecision = 1e-5 * (1 + Math.Max(-output.Minimum, output.Maximum));
        Assert.InRange(error, 0, output.ErrorBound + singlePrecision);
        Assert.InRange(error, 0, Tolerance * range);
    }

    /// <summary>The float model up to what the client computes itself, in the clear.</summary>
    private static float[] Reference(Graph graph, Tensor input)
    {
        Value output = graph.Outputs[0];
        while (graph.Producer(output) is { Operation: Softmax or ArgMax } node)
            output = node.Inputs[0];
        float[] elements = [];
        FloatInterpreter.Run(graph, [input], (value, tensor) =>
        {
            if (value == output)
                elements = tensor.Floats.ToArray();
        });
        return elements;
    }

    private static float[] Execute(CompiledModel model, Tensor input)
    {
        ExecutionPlan plan = model.Plan;
        Ring ring = new(plan.RingBits);
        ulong[] words = new ulong[input.Shape.Count];
        FixedPointEncoding.Encode(plan.Values[0], ring, input.Floats, words);
        PlanValue output = plan.Values[plan.Steps[^1].Output];
        float[] elements = new float[output.Count];
        FixedPointEncoding.Decode(output, ring, new FixedPointInterpreter(plan, model.Weights).Run(words), elements);
        return elements;
    }
}
