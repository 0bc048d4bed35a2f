using System.CommandLine;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc export</c>: the graph that <c>compile</c> would compile, as an ONNX model for training elsewhere.</summary>
internal sealed class ExportCommand
{
    private readonly Argument<string> _model = new("MODEL.onnx") { Description = "The trained model. A plan cannot be exported: it holds no weights." };
    private readonly Option<string> _output = new("-o", "--output") { Description = "The file to write.", HelpName = "OUT.onnx", Required = true };
    private readonly Option<string[]> _passes = new("--passes", "--pass")
    {
        Description = "Rewrites to apply, in the order given; 'onnx2mpc passes' lists them.",
        HelpName = "NAME[:key=value,...]",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _recipe = new("--recipe") { Description = "A YAML file with a list of passes; they come before those of --passes.", HelpName = "FILE" };
    private readonly Option<bool> _check = new("--check") { Description = "Execute the model before and after every exact pass and stop where the outputs differ." };
    private readonly Option<string?> _calibrate = new("--calibrate") { Description = "Sample inputs (.npy, .pb, IDX, PNG, or a folder of PNG), for passes that measure.", HelpName = "DATA" };
    private readonly Option<string[]> _dimensions = new("--dim") { Description = "Size of a symbolic dimension of the model; the batch size is 1 by default.", HelpName = "NAME=SIZE" };
    private readonly Option<string?> _range = new("--input-range") { Description = "Range of the input's elements. Default: 0,1, or any number with calibration.", HelpName = "MIN,MAX" };
    private readonly Option<bool> _standardOnly = new("--standard-only")
    {
        Description = "Use no functions of the domain ai.onnx2mpc, for tools that do not know functions; what was one operation then comes back as several.",
    };

    private readonly Option<bool> _openBatch = new("--open-batch") { Description = "Leave the number of samples open, for training in batches. 'compile' takes one again." };
    private readonly DataArguments _dataArguments = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        ExportCommand export = new();
        Command command = new("export", "Writes the rewritten model as ONNX, to fine-tune it elsewhere; compile what comes back.")
        {
            export._model, export._output, export._passes, export._recipe, export._check, export._calibrate, export._dimensions, export._range,
            export._standardOnly, export._openBatch, export._json,
        };
        export._dataArguments.AddTo(command);
        command.SetAction(export.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        ProgressLog log = new(quiet: parsed.GetValue(_json));
        IReadOnlyList<Pass> passes = PassList.Read(parsed.GetValue(_recipe), parsed.GetValue(_passes) ?? []);
        (double Minimum, double Maximum)? range = InputRange.Parse(parsed.GetValue(_range));
        string path = parsed.GetRequiredValue(_model), file = parsed.GetRequiredValue(_output);
        RequireModel(path);

        log.Say($"Exporting {path}");
        ImportedModel model = log.Measure("import", () => ModelLoader.Import(path, parsed.GetValue(_dimensions)));
        foreach (Diagnostic warning in model.Warnings)
            log.Say($"  warning {warning}");
        CalibrationData? calibration = parsed.GetValue(_calibrate) is { } data
            ? log.Measure("calibration data", () => SampleLoader.Calibration(data, model.Graph, _dataArguments.Read(parsed), log))
            : null;
        PassContext context = new() { Calibration = calibration, InputRange = InputRange.ForPasses(range, calibration) };
        PassResult rewritten = log.Measure("passes", () => ModelLoader.Rewrite(model.Graph, passes, context, parsed.GetValue(_check)));
        TracePrinter.Print(rewritten.Trace, log);
        ExportOptions options = new() { StandardOnly = parsed.GetValue(_standardOnly), OpenBatch = parsed.GetValue(_openBatch) };
        ExportedModel exported = OnnxExporter.Export(rewritten.Graph, options);
        log.Measure("write", () => Save(exported, file));
        ExportSummary summary = ExportSummary.Of(file, exported, model.Graph, rewritten);
        if (parsed.GetValue(_json))
            JsonOutput.Write(summary);
        else
            summary.Print();
        return ExitCodes.Success;
    }

    /// <summary>What a plan says of its model is rounded, and the weights are in another file on purpose.</summary>
    private static void RequireModel(string path)
    {
        if (PlanFile.IsPlan(path))
        {
            throw new UsageException(
                $"'{path}' is a compiled plan: fixed-point steps without weights. Export the model that it was compiled from, with the passes that it was compiled with.");
        }
    }

    private static string Save(ExportedModel model, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        model.Save(file);
        return file;
    }
}
