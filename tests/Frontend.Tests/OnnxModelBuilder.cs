using System.Runtime.InteropServices;
using Google.Protobuf;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using Kind = PrivateInference.Frontend.Schema.AttributeProto.Types.AttributeType;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests;

/// <summary>Writes ONNX models line by line.</summary>
internal sealed class OnnxModelBuilder
{
    public OnnxModelBuilder(int opset = 17)
    {
        Model = new ModelProto { IrVersion = 8, ProducerName = "test", ProducerVersion = "1", Graph = new GraphProto { Name = "graph" } };
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
    }

    public ModelProto Model { get; }

    public GraphProto Graph => Model.Graph;

    /// <summary>A dimension is a number, a name, or null for an unknown one.</summary>
    public OnnxModelBuilder Input(string name, params object?[] dimensions) => Input(name, DataType.Float, dimensions);

    public OnnxModelBuilder Input(string name, DataType type, params object?[] dimensions)
    {
        Graph.Input.Add(ValueInfo(name, type, dimensions));
        return this;
    }

    public OnnxModelBuilder Floats(string name, int[] shape, params float[] values) => Initializer(Tensor(name, shape, values));

    /// <summary>Small varied weights.</summary>
    public OnnxModelBuilder Weights(string name, params int[] shape)
        => Floats(name, shape, [.. Enumerable.Range(0, new Shape(shape).Count).Select(i => ((i * 7 % 11) - 5) / 8f)]);

    public OnnxModelBuilder Integers(string name, params long[] values) => Initializer(Tensor(name, [values.Length], values));

    public OnnxModelBuilder IntegerScalar(string name, long value) => Initializer(Tensor(name, [], value));

    public OnnxModelBuilder Initializer(TensorProto tensor)
    {
        Graph.Initializer.Add(tensor);
        return this;
    }

    /// <summary>Inputs and outputs are space-separated names; <c>_</c> is an absent one.</summary>
    public OnnxModelBuilder Node(string operatorType, string inputs, string outputs, params (string Name, object Value)[] attributes)
        => NamedNode("", operatorType, inputs, outputs, attributes);

    public OnnxModelBuilder NamedNode(string name, string operatorType, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        string[] parts = operatorType.Split("::");
        NodeProto node = new() { Name = name, OpType = parts[^1], Domain = parts.Length > 1 ? parts[0] : "" };
        node.Input.Add(Names(inputs));
        node.Output.Add(Names(outputs));
        node.Attribute.Add(attributes.Select(a => Attribute(a.Name, a.Value)));
        Graph.Node.Add(node);
        return this;
    }

    public OnnxModelBuilder Output(string name, params object?[] dimensions)
    {
        Graph.Output.Add(dimensions.Length > 0 ? ValueInfo(name, DataType.Float, dimensions) : new ValueInfoProto { Name = name });
        return this;
    }

    public byte[] Bytes() => Model.ToByteArray();

    public ImportedModel Import(ImportOptions? options = null) => OnnxImporter.Import(Bytes(), options);

    /// <summary>Imports the model and computes its first output for one float input.</summary>
    public Tensor Run(params float[] input)
    {
        Graph graph = Import().Graph;
        return FloatInterpreter.Run(graph, [IR.Tensor.FromFloats(graph.Inputs[0].Type, input)])[0];
    }

    public static TensorProto Tensor(string name, int[] shape, params float[] values)
        => Raw(name, DataType.Float, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    public static TensorProto Tensor(string name, int[] shape, params long[] values)
        => Raw(name, DataType.Int64, shape, MemoryMarshal.AsBytes<long>(values).ToArray());

    public static TensorProto Raw(string name, DataType type, int[] shape, params byte[] bytes)
    {
        TensorProto tensor = Typed(name, type, shape);
        tensor.RawData = ByteString.CopyFrom(bytes);
        return tensor;
    }

    /// <summary>A tensor whose elements the caller puts in a typed field.</summary>
    public static TensorProto Typed(string name, DataType type, params int[] shape)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)type };
        tensor.Dims.Add(shape.Select(d => (long)d));
        return tensor;
    }

    private static IEnumerable<string> Names(string list)
        => list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => n is "_" ? "" : n);

    private static ValueInfoProto ValueInfo(string name, DataType type, object?[] dimensions)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(dimensions.Select(d => d switch
        {
            int value => new TensorShapeProto.Types.Dimension { DimValue = value },
            string text => new TensorShapeProto.Types.Dimension { DimParam = text },
            _ => new TensorShapeProto.Types.Dimension(),
        }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }

    private static AttributeProto Attribute(string name, object value)
    {
        AttributeProto attribute = new() { Name = name };
        switch (value)
        {
            case int or long:
                (attribute.Type, attribute.I) = (Kind.Int, Convert.ToInt64(value));
                break;
            case float number:
                (attribute.Type, attribute.F) = (Kind.Float, number);
                break;
            case string text:
                (attribute.Type, attribute.S) = (Kind.String, ByteString.CopyFromUtf8(text));
                break;
            case int[] list:
                attribute.Type = Kind.Ints;
                attribute.Ints.Add(list.Select(i => (long)i));
                break;
            case float[] list:
                attribute.Type = Kind.Floats;
                attribute.Floats.Add(list);
                break;
            case GraphProto graph:
                (attribute.Type, attribute.G) = (Kind.Graph, graph);
                break;
            case TensorProto tensor:
                (attribute.Type, attribute.T) = (Kind.Tensor, tensor);
                break;
            default:
                throw new InvalidOperationException($"No attribute of {value.GetType()}.");
        }

        return attribute;
    }
}
