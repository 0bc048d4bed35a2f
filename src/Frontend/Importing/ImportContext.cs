using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.Frontend.Shapes;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Importing;

/// <summary>
/// One ONNX node while its operator is imported: its operands and attributes, and the means to emit IR nodes for it.
/// An operation whose operands are all known is computed at once where <see cref="ConstantFolding"/> applies.
/// </summary>
internal sealed class ImportContext(NodeProto node, string nodeName, IReadOnlyList<Operand?> inputs, ImportSession session, GraphImporter graph)
{
    private readonly List<Operand> _results = [];

    /// <summary>The version of the operator set that the node's domain has in this model.</summary>
    public int Opset { get; } = session.Opsets.Of(node.Domain);

    public ImportOptions Options => session.Options;

    public NodeAttributes Attributes { get; } = new(node);

    public int InputCount => inputs.Count;

    public int OutputCount => node.Output.Count;

    /// <summary>The operands defined for the node's outputs so far, in order.</summary>
    public IReadOnlyList<Operand> Results => _results;

    /// <summary>The name of the node's next output.</summary>
    public string ResultName => _results.Count < node.Output.Count ? node.Output[_results.Count] : nodeName;

    /// <summary>Counts nodes that the importer is about to add for this one.</summary>
    /// <exception cref="ImportException">The model asks for more than the limit.</exception>
    public void ReserveNodes(long nodes) => session.ReserveNodes(nodes);

    public ExternalDataReader ExternalData => session.ExternalData;

    /// <exception cref="ImportException">The node has no such input.</exception>
    public Operand Input(int index) => OptionalInput(index)
        ?? throw new ImportException(DiagnosticCodes.InvalidNode, $"input {index} is missing.");

    /// <summary>The operand at <paramref name="index"/>, or null when the node leaves it out.</summary>
    public Operand? OptionalInput(int index) => index < inputs.Count ? inputs[index] : null;

    /// <summary>All inputs of an operator with any number of them.</summary>
    /// <exception cref="ImportException">There is none, or one is left out.</exception>
    public Operand[] AllInputs() => [.. Enumerable.Range(0, Math.Max(1, inputs.Count)).Select(Input)];

    /// <summary>The tensor of an input that must be known when compiling; null when the node leaves it out.</summary>
    /// <exception cref="ImportException">The input is computed from the graph's inputs.</exception>
    public Tensor? OptionalConstant(int index, string role)
    {
        if (OptionalInput(index) is not { } operand)
            return null;
        return operand.Constant ?? throw new ImportException(
            DiagnosticCodes.NotConstant,
            $"its input '{role}' is computed from the model's input; it must be known when compiling.",
            "Export with constant folding, or give every dynamic dimension a value.");
    }

    /// <inheritdoc cref="OptionalConstant"/>
    public Tensor Constant(int index, string role)
        => OptionalConstant(index, role) ?? throw new ImportException(DiagnosticCodes.InvalidNode, $"input {index}, its {role}, is missing.");

    /// <summary>
    /// A list of integers that was an attribute and became an input in <paramref name="inputSince"/>; null when absent.
    /// </summary>
    public long[]? IntegerList(string name, int inputIndex, int inputSince)
        => Opset < inputSince ? Attributes.Ints(name) : OptionalConstant(inputIndex, name)?.Integers.ToArray();

    /// <summary>The element type that an attribute names by its ONNX number.</summary>
    /// <exception cref="ImportException">The attribute is missing, or the type is not handled.</exception>
    public ElementType ElementType(string name)
    {
        int number = checked((int)Attributes.Int(name));
        return TensorDecoder.Format(number)?.Type
            ?? throw new ImportException(DiagnosticCodes.UnsupportedElementType, $"it converts to {TensorDecoder.TypeName(number)}.", "Keep the model in float32.");
    }

    /// <summary>Whether the node has the output and anything reads it.</summary>
    public bool IsUsed(int outputIndex) => outputIndex < node.Output.Count && graph.IsUsed(node.Output[outputIndex]);

    /// <summary>Refuses a secondary output that anything reads.</summary>
    /// <exception cref="ImportException">The output is used.</exception>
    public void RequireUnused(int outputIndex, string role)
    {
        if (IsUsed(outputIndex))
            throw new ImportException(DiagnosticCodes.UnsupportedOutput, $"its output '{node.Output[outputIndex]}' ({role}) is used; only the first output is computed.");
    }

    public void Warn(string code, string message)
        => session.Report(new Diagnostic(code, DiagnosticSeverity.Warning, nodeName, node.OpType, message));

    /// <summary>Emits an operation that leads to the result; <paramref name="role"/> tells it apart in names.</summary>
    public Operand Step(string role, Operation operation, params ReadOnlySpan<Operand> operands)
        => Compute(operation, operands, $"{operands[0].Name}/{role}") ?? Emit(operation, operands, $"{ResultName}/{role}", $"{nodeName}/{role}");

    /// <summary>Emits the operation that stands for the node although another one ends it: it gets the node's name.</summary>
    public Operand MainStep(string role, Operation operation, params ReadOnlySpan<Operand> operands)
        => Emit(operation, operands, $"{ResultName}/{role}", nodeName);

    /// <summary>A constant of the importer's own, for use in steps.</summary>
    public Operand StepConstant(string role, Tensor tensor) => new($"{ResultName}/{role}", tensor);

    /// <summary>A number of the importer's own, of an operand's element type.</summary>
    public Operand StepScalar(string role, Operand like, float value)
    {
        TensorType type = like.Type.WithShape(Shape.Scalar);
        return StepConstant(role, type.IsFloat ? Tensor.FromFloats(type, [value]) : Tensor.FromIntegers(type, [(long)value]));
    }

    /// <summary>Emits the operation whose value is the node's next output.</summary>
    /// <param name="operation">What to compute.</param>
    /// <param name="operands">What to compute it on.</param>
    /// <param name="role">Set when another operation of this node already has the node's name.</param>
    public void Result(Operation operation, ReadOnlySpan<Operand> operands, string? role = null)
    {
        string suffix = role is not null ? $"/{role}" : _results.Count > 0 ? $"/{_results.Count}" : "";
        _results.Add(Compute(operation, operands, ResultName) ?? Emit(operation, operands, ResultName, nodeName + suffix));
    }

    public void Result(Operation operation, Operand operand) => Result(operation, [operand]);

    /// <summary>Defines the node's next output as an operand that is there already.</summary>
    public void Result(Operand operand)
    {
        if (operand.IsSequence)
            _results.Add(operand);
        else
            Result(new Identity(), operand);
    }

    /// <summary>Imports a graph that the node holds in the node's place.</summary>
    /// <inheritdoc cref="GraphImporter.Inline"/>
    public Operand?[] Inline(GraphProto body, IReadOnlyList<Operand> operands, string role)
        => graph.Inline(body, operands, $"{nodeName}/{role}/");

    /// <summary>Defines the node's next output as a tensor known when compiling.</summary>
    public void Result(Tensor constant) => _results.Add(new Operand(ResultName, constant));

    /// <summary>Counts elements that the importer is about to allocate for a constant.</summary>
    /// <exception cref="ImportException">The model asks for more than the limit.</exception>
    /// <exception cref="GraphException">The shape has too many axes.</exception>
    public void Reserve(Shape shape)
    {
        Operand.RequireRank(shape);
        session.Reserve(shape.Count);
    }

    /// <summary>The operation's result when all operands are known, else null.</summary>
    private Operand? Compute(Operation operation, ReadOnlySpan<Operand> operands, string name)
    {
        foreach (Operand operand in operands)
        {
            if (operand.Constant is null || !ConstantFolding.Applies(operation))
                return null;
        }

        Tensor[] tensors = [.. operands.ToArray().Select(o => o.Constant!)];
        if (!ConstantFolding.SharesData(operation))
            Reserve(operation.InferType([.. tensors.Select(t => t.Type)]).Shape);
        return new Operand(name, ConstantFolding.Evaluate(operation, tensors));
    }

    private Operand Emit(Operation operation, ReadOnlySpan<Operand> operands, string valueName, string name)
        => new(session.Builder.Add(operation, [.. operands.ToArray().Select(o => o.In(session.Builder))], valueName, name));
}
