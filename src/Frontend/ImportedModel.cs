using System.Collections.Immutable;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;

namespace PrivateInference.Frontend;

/// <summary>A model as the compiler sees it, with what the file says about itself.</summary>
/// <param name="Graph">The graph; its value and node names are the model's.</param>
/// <param name="Producer">The exporter's name and version, empty when the file does not say.</param>
/// <param name="IrVersion">The version of the file format.</param>
/// <param name="Opsets">Operator set version by domain; ONNX's own domain is the empty string.</param>
/// <param name="InputNames">Names of the graph inputs in the model's order, without initializers.</param>
/// <param name="OutputNames">Names of the graph outputs in the model's order.</param>
/// <param name="Warnings">Findings that do not stop the compilation.</param>
public sealed record ImportedModel(
    Graph Graph,
    string Producer,
    long IrVersion,
    ImmutableDictionary<string, long> Opsets,
    ImmutableArray<string> InputNames,
    ImmutableArray<string> OutputNames,
    ImmutableArray<Diagnostic> Warnings);
