using System.Collections.Immutable;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Exporting;

/// <summary>One node of the graph while it is written: its operands, and the means to add ONNX nodes for it.</summary>
internal sealed class NodeWriter(Node node, string nodeName, ModelWriter model)
{
    public Operation Operation => node.Operation;

    public ImmutableArray<Value> Inputs => node.Inputs;

    public int Opset => model.Opset;

    /// <summary>The names of the operands.</summary>
    public string[] Operands { get; } = [.. node.Inputs.Select(v => v.Name)];

    /// <summary>Writes the operator that computes the node's value from its operands.</summary>
    public void Write(string operatorType, params ReadOnlySpan<AttributeProto> attributes) => Write(operatorType, Operands, attributes);

    /// <summary>Writes the operator that computes the node's value; an empty operand is absent.</summary>
    public void Write(string operatorType, IEnumerable<string> operands, params ReadOnlySpan<AttributeProto> attributes)
        => model.Add(Main(operatorType, operands, [node.Output.Name], attributes));

    /// <summary>Writes an operator whose first output is the node's value, and whose second one nothing reads.</summary>
    public void WriteFirst(string operatorType, IEnumerable<string> operands, params ReadOnlySpan<AttributeProto> attributes)
        => model.Add(Main(operatorType, operands, [node.Output.Name, model.UniqueValue($"{node.Output.Name}/second")], attributes));

    /// <summary>Writes an operator whose second output is the node's value, and whose first one nothing reads.</summary>
    public void WriteSecond(string operatorType, IEnumerable<string> operands, params ReadOnlySpan<AttributeProto> attributes)
        => model.Add(Main(operatorType, operands, [model.UniqueValue($"{node.Output.Name}/first"), node.Output.Name], attributes));

    /// <summary>Writes a call of a function of the model on the node's operands.</summary>
    public void Call(FunctionProto function, params ReadOnlySpan<AttributeProto> attributes) => Call(function, Operands, attributes);

    /// <summary>Writes a call of a function of the model.</summary>
    public void Call(FunctionProto function, IEnumerable<string> operands, params ReadOnlySpan<AttributeProto> attributes)
    {
        NodeProto call = Main(function.Name, operands, [node.Output.Name], attributes);
        call.Domain = FunctionDomain.Name;
        model.AddCall(call, function);
    }

    /// <summary>Writes an operator that leads to the node's value; <paramref name="role"/> tells it apart in names.</summary>
    /// <returns>The name of what it computes.</returns>
    public string Step(string role, string operatorType, IEnumerable<string> operands, params ReadOnlySpan<AttributeProto> attributes)
    {
        string output = model.UniqueValue($"{node.Output.Name}/{role}");
        model.AddStep(Main(operatorType, operands, [output], attributes));
        return output;
    }

    /// <summary>A tensor that the operator takes as an input and the operation as an attribute.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string role, Tensor tensor)
    {
        string name = model.UniqueValue($"{node.Output.Name}/{role}");
        model.Add(TensorEncoder.Encode(name, tensor));
        return name;
    }

    public string Integers(string role, IEnumerable<int> values) => Constant(role, Tensor.FromInt64([.. values.Select(v => (long)v)]));

    /// <summary>One number of the first operand's element type.</summary>
    public string Scalar(string role, float value)
    {
        TensorType type = node.Inputs[0].Type.WithShape(Shape.Scalar);
        return Constant(role, type.IsFloat
            ? Tensor.FromFloats(type, [value])
            : Tensor.FromIntegers(type, [IntegerRange.Of(type.Element).Saturate(value)]));
    }

    /// <summary>ONNX has no operator for what the node computes.</summary>
    public void Refuse(string reason) => model.Refuse(node, reason);

    private NodeProto Main(string operatorType, IEnumerable<string> operands, string[] outputs, ReadOnlySpan<AttributeProto> attributes)
    {
        NodeProto written = new() { OpType = operatorType, Name = nodeName };
        written.Input.Add(operands);
        written.Output.Add(outputs);
        foreach (AttributeProto attribute in attributes)
            written.Attribute.Add(attribute);
        return written;
    }
}
