using PrivateInference.Frontend;
using PrivateInference.IR;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Output;

/// <summary>What <c>export</c> wrote.</summary>
internal sealed record ExportSummary
{
    public required string File { get; init; }

    public required int Bytes { get; init; }

    public required int Opset { get; init; }

    public required int Nodes { get; init; }

    /// <summary>The model's own functions, by domain and name.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    public required long RelusBefore { get; init; }

    public required long Relus { get; init; }

    public required IReadOnlyList<AppliedPass> Passes { get; init; }

    public static ExportSummary Of(string file, ExportedModel exported, Graph original, PassResult rewritten) => new()
    {
        File = file,
        Bytes = exported.FileBytes,
        Opset = exported.Opset,
        Nodes = exported.NodeCount,
        Functions = exported.Functions,
        RelusBefore = SignDecisions.Count(original),
        Relus = SignDecisions.Count(rewritten.Graph),
        Passes = [.. rewritten.Trace.Select(AppliedPass.Of)],
    };

    public void Print()
    {
        Console.WriteLine($"wrote {File}: {Quantities.Count(Nodes)} nodes of operator set {Opset}, {Quantities.Count(RelusBefore)} → {Quantities.Count(Relus)} ReLUs");
        if (Functions.Count > 0)
            Console.WriteLine($"functions: {string.Join(", ", Functions)} (--standard-only writes none)");
    }
}
