using System.Collections.Frozen;
using System.Collections.Immutable;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Importing;

/// <summary>The operator set versions that a model imports, checked against those the importer reads.</summary>
internal sealed class Opsets
{
    /// <summary>Older sets give the operators other broadcasting rules and training-time arguments.</summary>
    public const int Oldest = 6;

    public const int Newest = 25;

    /// <summary>Operators that older sets define as set 6 does.</summary>
    private static readonly FrozenSet<string> _unchanged = FrozenSet.Create(
        StringComparer.Ordinal,
        "Constant", "Conv", "ConvTranspose", "GlobalAveragePool", "GlobalMaxPool", "Identity", "LRN", "MaxPool", "Not", "Shape", "Size",
        "Softmax", "Softplus", "Softsign", "Squeeze", "Transpose", "Unsqueeze");

    private readonly int _onnx;

    /// <exception cref="ModelNotSupportedException">The model's operator set is too old.</exception>
    public Opsets(ModelProto model)
    {
        Versions = model.OpsetImport.GroupBy(o => Normalize(o.Domain), StringComparer.Ordinal)
            .ToImmutableDictionary(g => g.Key, g => g.Max(o => o.Version), StringComparer.Ordinal);

        // Files from before operator sets existed mean the first.
        long version = Versions.GetValueOrDefault("", 1);
        _onnx = (int)Math.Min(version, int.MaxValue);
        if (_onnx < Oldest && model.Graph.Node.Any(n => Normalize(n.Domain).Length == 0 && !_unchanged.Contains(n.OpType)))
            throw new ModelNotSupportedException([TooOld()]);
        if (_onnx > Newest)
            Warnings = [new Diagnostic(DiagnosticCodes.NewerOpset, DiagnosticSeverity.Warning, null, null, $"the model uses operator set {_onnx}; operators are read as of set {Newest}.")];
    }

    public ImmutableDictionary<string, long> Versions { get; }

    public ImmutableArray<Diagnostic> Warnings { get; } = [];

    /// <summary>The empty name for ONNX's own domain, which has two spellings.</summary>
    public static string Normalize(string domain) => domain is "ai.onnx" ? "" : domain;

    public int Of(string domain)
        => Normalize(domain) is { Length: > 0 } other ? (int)Math.Min(Versions.GetValueOrDefault(other, 1), int.MaxValue) : _onnx;

    private Diagnostic TooOld() => new(
        DiagnosticCodes.UnsupportedOpset,
        DiagnosticSeverity.Error,
        null,
        null,
        $"the model uses operator set {_onnx}; the oldest supported is {Oldest}.",
        "Convert it with onnx.version_converter, or export it again.");
}
