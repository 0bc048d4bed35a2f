using System.Collections.Immutable;

namespace PrivateInference.IR;

/// <summary>One operation applied to values; it defines exactly one value.</summary>
public sealed record Node(Operation Operation, ImmutableArray<Value> Inputs, Value Output)
{
    /// <summary>The name a user knows the node by; the ONNX node's name where it has one.</summary>
    public string Name { get; init; } = Output.Name;
}
