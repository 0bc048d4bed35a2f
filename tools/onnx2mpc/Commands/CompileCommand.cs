using System.CommandLine;
using System.Globalization;
using PrivateInference.Backends;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Reports;
using PrivateInference.CommandLine.Output;
using PrivateInference.CommandLine.Support;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Data;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Commands;

/// <summary><c>onnx2mpc compile</c>: a model file to a plan, weights and a cost report.</summary>
internal sealed class CompileCommand
{
    /// <summary>Extremes of fewer samples than this say little about those of other inputs.</summary>
    private const int FewSamples = 64;

    private readonly Argument<string> _model = new("MODEL.onnx") { Description = "The trained model." };
    private readonly Option<string> _output = new("-o", "--output") { Description = "Folder for NAME.plan, NAME.weights and NAME.cost.json.", HelpName = "OUTDIR", Required = true };
    private readonly Option<string> _backend = new("--backend")
    {
        Description = $"Protocols to use: {string.Join("; ", Backend.All.Select(b => $"{b.Name} ({b.Description})"))}.",
        HelpName = "NAME",
        DefaultValueFactory = _ => Backend.Default.Name,
    };

    private readonly Option<string[]> _passes = new("--pass") { Description = "A rewrite to apply, in the order given; 'onnx2mpc passes' lists them.", HelpName = "NAME[:key=value,...]" };
    private readonly Option<string?> _recipe = new("--recipe") { Description = "A YAML file with a list of passes; they come before those of --pass.", HelpName = "FILE" };
    private readonly Option<bool> _check = new("--check") { Description = "Execute the model before and after every exact pass and stop where the outputs differ." };
    private readonly Option<string?> _calibrate = new("--calibrate")
    {
        Description = "Sample inputs (.npy, .pb, IDX, CIFAR-10 .bin, PNG, or a folder of PNG). Observed ranges make the ring, and so the cost, smaller; "
            + "without samples the ranges hold for every input.",
        HelpName = "DATA",
    };

    private readonly Option<string> _network = CommonOptions.Network();
    private readonly Option<bool> _report = new("--report") { Description = "Also write NAME.report.html: costs, predicted times, storage and money, and what the rewrites saved, for people." };
    private readonly Option<string?> _host = CommonOptions.ReportHost();
    private readonly Option<string?> _labels = new("--labels") { Description = "Class names, one a line; kept in the plan for people.", HelpName = "FILE" };
    private readonly Option<string[]> _dimensions = new("--dim") { Description = "Size of a symbolic dimension of the model, or of any as INPUT:AXIS; the batch size is 1 by default.", HelpName = "NAME=SIZE" };
    private readonly Option<string?> _range = new("--input-range")
    {
        Description = "Range of the input's elements; the client clamps to it. Default: 0,1, or what the calibration data show.",
        HelpName = "MIN,MAX",
    };

    private readonly Option<int?> _activationBits = new("--activation-bits") { Description = "Bits of magnitude for each activation's range. Default: 12 with calibration, or as many more as its samples need; 16 without.", HelpName = "N" };
    private readonly Option<int?> _weightBits = new("--weight-bits") { Description = "Bits of a signed weight. Default: 12, or as many more as the calibration samples need.", HelpName = "N" };
    private readonly Option<string> _messages = new("--message-format")
    {
        Description = $"How failures are told: text, or {BuildMessages.Name}, a line each as 'FILE : error CODE: message'.",
        HelpName = $"text|{BuildMessages.Name}",
        DefaultValueFactory = _ => "text",
    };

    private readonly Option<string?> _truncation = new("--truncation")
    {
        Description = $"How values drop bits: exact (garbled circuits, bit for bit), or faithful (to one of the two neighbouring integers, in a polynomial's own round; never fails), or local (likewise without a message; fails with a probability that is reported). Default: {string.Join(", ", Backend.All.Select(b => $"{b.DefaultTruncation.ToString().ToLowerInvariant()} for {b.Name}"))}.",
        HelpName = "HOW",
    };

    private readonly Option<int> _ring = new("--ring")
    {
        Description = "Largest ring of a polynomial's powers, with faithful truncation: 64, or 128 bits for those whose degree, range and precision need it, at more than twice their bytes. Linear layers have 64 bits at most in either case.",
        HelpName = "64|128",
        DefaultValueFactory = _ => 64,
    };

    private readonly Option<string?> _maxFailure = new("--max-truncation-failure")
    {
        Description = "With local truncation: refuse a plan whose inferences fail with a larger probability, such as 1e-6 or 2^-20. Default: 2^-40.",
        HelpName = "P",
    };

    private readonly PowerOptions _powers = new();
    private readonly RangeOptions _ranges = new();
    private readonly ProtocolOptions _protocols = new();
    private readonly BudgetOptions _budget = new();
    private readonly ReportOptions _reportOptions = new();
    private readonly DataArguments _dataArguments = new();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        CompileCommand compile = new();
        Command command = new("compile", "Compiles a trained model to a public plan and private weights, with an exact cost report.")
        {
            compile._model, compile._output, compile._backend, compile._passes, compile._recipe, compile._check, compile._calibrate, compile._network,
            compile._report, compile._host, compile._labels, compile._dimensions, compile._range, compile._activationBits, compile._weightBits, compile._truncation, compile._ring, compile._maxFailure, compile._messages, compile._json,
        };
        compile._messages.AcceptOnlyFromAmong("text", BuildMessages.Name);
        compile._protocols.AddTo(command);
        compile._powers.AddTo(command);
        compile._ranges.AddTo(command);
        compile._budget.AddTo(command);
        compile._reportOptions.AddTo(command);
        compile._dataArguments.AddTo(command);
        command.SetAction(parsed => compile.IsForBuild(parsed)
            ? BuildMessages.Guard(parsed.GetRequiredValue(compile._model), () => compile.Run(parsed))
            : compile.Run(parsed));
        return command;
    }

    private int Run(ParseResult parsed)
    {
        ProgressLog log = new(quiet: parsed.GetValue(_json));
        NetworkProfile network = NetworkProfile.Resolve(parsed.GetRequiredValue(_network));
        ReportSettings? report = parsed.GetValue(_report) ? Report(parsed, network) : null;
        IReadOnlyList<Pass> passes = PassList.Read(parsed.GetValue(_recipe), parsed.GetValue(_passes) ?? []);
        string path = parsed.GetRequiredValue(_model), name = Path.GetFileNameWithoutExtension(path);
        CompileOptions options = Options(parsed, name, network);
        Budget budget = _budget.Read(parsed, calibrated: parsed.GetValue(_calibrate) is not null);

        log.Say($"Compiling {path}");
        ImportedModel model = log.Measure("import", () => ModelLoader.Import(path, parsed.GetValue(_dimensions)));
        foreach (Diagnostic warning in model.Warnings)
            Warn(parsed, log, warning.Code, $"{warning}");

        Dataset? samples = parsed.GetValue(_calibrate) is { } data ? SampleLoader.ForGraph(data, model.Graph, _dataArguments.Read(parsed), log) : null;
        CalibrationData? calibration = samples is null ? null : log.Measure("calibration data", () => SampleLoader.Calibration(samples));
        PassContext context = new() { Calibration = calibration, InputRange = InputRange.ForPasses(InputRange.Parse(parsed.GetValue(_range)), calibration) };
        PassResult rewritten = log.Measure("passes", () => ModelLoader.Rewrite(model.Graph, passes, context, parsed.GetValue(_check)));
        TracePrinter.Print(rewritten.Trace, log);
        CompiledModel compiled = log.Measure("fixed point and protocols", () => BackendCompiler.Compile(rewritten.Graph, options, calibration));
        foreach (CompileDiagnostic warning in compiled.Warnings)
            Warn(parsed, log, warning.Code, $"{warning}");
        CostReport cost = log.Measure("cost", () => PlanCosts.Report(compiled.Plan));
        UnmodifiedModel? unmodified = passes.Count > 0 ? log.Measure("the model without the passes", () => UnmodifiedModel.Compile(model.Graph, options, calibration)) : null;
        cost = cost with { WithoutPasses = unmodified?.Cost };
        SavingsPrinter.Print(cost, unmodified, rewritten.Trace, log);
        bool measures = budget.LimitsAccuracy || (report is not null && samples is not null && Classes.IsClassification(compiled.Plan));
        MeasuredAccuracy? accuracy = measures ? log.Measure("accuracy", () => Accuracy(model.Graph, compiled, samples!, log)) : null;
        BudgetReport.Require(budget, cost, rewritten, context, accuracy);
        string? page = report is null ? null : log.Measure("report", () => HtmlReport.Render(
            CompileReport.Of(report, compiled, rewritten.Trace, unmodified, accuracy)));
        Write(parsed, name, compiled, cost, page);
        if (parsed.GetValue(_json))
            Console.Write(cost.ToJson());
        else
            Summarise(compiled, cost, network, Path.Combine(parsed.GetRequiredValue(_output), name), withReport: page is not null);
        return ExitCodes.Success;
    }

    private CompileOptions Options(ParseResult parsed, string name, NetworkProfile network)
    {
        (double Minimum, double Maximum)? range = InputRange.Parse(parsed.GetValue(_range));
        return _protocols.Apply(parsed, _ranges.Apply(parsed, _powers.Apply(parsed, new CompileOptions
        {
            Name = name,
            Backend = Backend.Find(parsed.GetRequiredValue(_backend)).Name,
            Network = network,
            InputMinimum = range?.Minimum,
            InputMaximum = range?.Maximum,
            ActivationBits = parsed.GetValue(_activationBits),
            WeightBits = parsed.GetValue(_weightBits),
            Truncation = TruncationOptions.Method(parsed.GetValue(_truncation)),
            PowerRingBits = TruncationOptions.Ring(parsed.GetValue(_ring)),
            MaxTruncationFailure = TruncationOptions.Probability(parsed.GetValue(_maxFailure)) ?? new CompileOptions().MaxTruncationFailure,
            Labels = parsed.GetValue(_labels) is { } file ? [.. File.ReadLines(file).Where(l => l.Length > 0)] : [],
        })));
    }

    private void Warn(ParseResult parsed, ProgressLog log, string code, string warning)
    {
        if (IsForBuild(parsed))
            BuildMessages.Warn(parsed.GetRequiredValue(_model), code, warning);
        else
            log.Say($"  warning {warning}");
    }

    private bool IsForBuild(ParseResult parsed) => parsed.GetValue(_messages) == BuildMessages.Name;

    private ReportSettings Report(ParseResult parsed, NetworkProfile network)
        => _reportOptions.Read(parsed, parsed.GetValue(_host) is { } host ? HostProfile.Load(host) : null, network);

    private static MeasuredAccuracy Accuracy(Graph original, CompiledModel compiled, Dataset samples, ProgressLog log)
    {
        using Interruption interruption = new();
        using FloatModel model = FloatModel.Of(original);
        return MeasuredAccuracy.Of(
            ClearComparison.Run(compiled.Plan, compiled.Weights, model, samples, samples.Count, kept: 0, log, interruption.Token));
    }

    private void Write(ParseResult parsed, string name, CompiledModel compiled, CostReport cost, string? report)
    {
        string folder = parsed.GetRequiredValue(_output);
        Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, name + ".weights"), WeightsSerializer.Write(compiled.Weights));
        AtomicFile.Write(Path.Combine(folder, name + ".plan"), PlanSerializer.Write(compiled.Plan));
        AtomicFile.Write(Path.Combine(folder, name + ".cost.json"), cost.ToJson());
        if (report is not null)
            AtomicFile.Write(Path.Combine(folder, name + ".report.html"), report);
    }

    private static void Summarise(CompiledModel compiled, CostReport cost, NetworkProfile network, string stem, bool withReport)
    {
        CostPrinter.Print(cost, network);
        Console.WriteLine();
        if (compiled.Calibration is { } check)
        {
            Console.WriteLine($"calibration: {check.SameTop} of {check.Samples} samples have the float model's top class; largest output error {check.LargestError.ToString("0.#####", CultureInfo.InvariantCulture)}");
            if (check.Samples < FewSamples)
                Console.WriteLine($"note: with fewer than {FewSamples} samples, other inputs may leave the observed ranges");
            if (!check.OutOfRange.IsEmpty)
                Console.WriteLine($"warning: these values left their analysed range: {string.Join(", ", check.OutOfRange)}");
        }

        Console.WriteLine($"wrote {stem}.plan (give it to clients), {stem}.weights (keep it on the server), {stem}.cost.json{(withReport ? $", {stem}.report.html" : "")}");
    }
}
