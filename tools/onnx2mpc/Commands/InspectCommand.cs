using System.CommandLine;
using PrivateInference.Backends;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
using PrivateInference.Frontend;
using PrivateInference.IR;
using PrivateInference.Passes;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc inspect</c>: what a model or a plan consists of.</summary>
internal sealed class InspectCommand
{
    private readonly Argument<string> _file = new("MODEL.onnx|PLAN") { Description = "A model or a compiled plan." };
    private readonly Option<string[]> _dimensions = new("--dim") { Description = "Size of a symbolic dimension of the model.", HelpName = "NAME=SIZE" };
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        InspectCommand inspect = new();
        Command command = new("inspect", "Shows operations, shapes, ReLUs per layer, and everything that is not supported, all at once.")
        {
            inspect._file, inspect._dimensions, inspect._json,
        };
        command.SetAction(inspect.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_file);
        return PlanFile.IsPlan(path) ? InspectPlan(path, parsed.GetValue(_json)) : InspectModel(path, parsed);
    }

    private static int InspectPlan(string path, bool json)
    {
        ExecutionPlan plan = PlanSerializer.Load(path);
        if (json)
            JsonOutput.Write(PlanSummary.Of(plan));
        else
            Console.Write(PlanPrinter.Print(plan));
        return ExitCodes.Success;
    }

    private int InspectModel(string path, ParseResult parsed)
    {
        ImportedModel model = ModelLoader.Import(path, parsed.GetValue(_dimensions));
        Graph graph = PassPipeline.Canonicalize(model.Graph);
        IReadOnlyList<CompileDiagnostic> problems = BackendCompiler.Check(graph);
        ModelSummary summary = ModelSummary.Of(Path.GetFileName(path), model, graph, problems);
        if (parsed.GetValue(_json))
            JsonOutput.Write(summary);
        else
            ModelPrinter.Print(summary);
        return problems.Count == 0 ? ExitCodes.Success : ExitCodes.NotSupported;
    }
}
