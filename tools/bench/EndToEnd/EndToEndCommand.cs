using System.CommandLine;
using PrivateInference.Frontend;
using PrivateInference.Passes;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary><c>bench end-to-end</c>: server and client as two processes, and the same work in the clear.</summary>
internal sealed class EndToEndCommand
{
    private readonly Option<string?> _only = new("--only") { Description = "Measure only the built-in cases whose name contains this.", HelpName = "TEXT" };
    private readonly Option<string?> _plan = new("--plan") { Description = "Measure this plan instead; its weights lie beside it as NAME.weights.", HelpName = "FILE" };
    private readonly Option<string> _input = new("--input") { Description = "Samples for --plan, at least as many as are run.", HelpName = "DATA" };
    private readonly Option<string?> _model = new("--model") { Description = "The model that --plan was compiled from, for the float baseline.", HelpName = "MODEL.onnx" };
    private readonly Option<int> _warmup = new("--warmup") { Description = "Inferences before those that count.", DefaultValueFactory = _ => 5 };
    private readonly Option<int> _inferences = new("--inferences") { Description = "Inferences that count.", DefaultValueFactory = _ => 15 };

    public static Command Create()
    {
        EndToEndCommand measure = new();
        RootCommand command = new("Measures secure inference between two processes, and prints Markdown tables.")
        {
            measure._only, measure._plan, measure._input, measure._model, measure._warmup, measure._inferences,
        };
        command.SetAction((parsed, _) => measure.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        List<Measurement> measurements = [];
        foreach ((string name, Func<MeasuredCase> build) in Cases(parsed))
        {
            await Console.Error.WriteLineAsync($"Measuring {name}");
            measurements.Add(await TwoProcesses.MeasureAsync(build(), parsed.GetValue(_warmup), parsed.GetValue(_inferences)));
        }

        MarkdownReport.Print(measurements);
        return 0;
    }

    private IEnumerable<(string Name, Func<MeasuredCase> Build)> Cases(ParseResult parsed)
    {
        if (parsed.GetValue(_plan) is { } plan)
            return [(plan, () => UserCase(plan, parsed.GetRequiredValue(_input), parsed.GetValue(_model)))];
        string only = parsed.GetValue(_only) ?? "";
        (string Name, Func<MeasuredCase> Build)[] cases =
        [
            ("fashion-mnist", () => SampleCase("fashion-mnist.onnx")),
            ("fashion-mnist-bn", () => SampleCase("fashion-mnist-bn.onnx")),
            .. LayerCases.All,
            .. NetworkCases.All,
        ];
        return cases.Where(c => c.Name.Contains(only, StringComparison.OrdinalIgnoreCase));
    }

    private static MeasuredCase SampleCase(string file)
    {
        SampleModel model = SampleModel.Compile(Repository.Sample(file));
        return new MeasuredCase(model.Plan, model.Weights, SampleModel.ImageFile, model.Graph);
    }

    private static MeasuredCase UserCase(string planFile, string inputFile, string? modelFile)
    {
        ExecutionPlan plan = PlanSerializer.Load(planFile);
        ModelWeights weights = WeightsSerializer.Load(Path.ChangeExtension(planFile, ".weights"), plan);
        return new MeasuredCase(plan, weights, inputFile, modelFile is null ? null : PassPipeline.Canonicalize(OnnxImporter.Import(modelFile).Graph));
    }
}
