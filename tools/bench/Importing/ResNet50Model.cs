using System.Runtime.InteropServices;
using Google.Protobuf;
using PrivateInference.Frontend.Schema;
using Attribute = PrivateInference.Frontend.Schema.AttributeProto;

namespace PrivateInference.Benchmarks.Importing;

/// <summary>
/// A file of ResNet-50 (He et al., "Deep Residual Learning for Image Recognition", 2016, table 1) with random weights, as
/// exporters write it: 53 convolutions and batch normalisations, 25.6 million parameters, 102 MB.
/// </summary>
internal sealed class ResNet50Model
{
    private readonly Random _random = new(1);
    private readonly GraphProto _graph = new() { Name = "resnet50" };

    public static ModelProto Create()
    {
        GraphProto graph = new ResNet50Model().Build();
        ModelProto model = new() { IrVersion = 8, ProducerName = "bench", Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        return model;
    }

    private GraphProto Build()
    {
        _graph.Input.Add(Tensor("image", 1, 3, 224, 224));
        string x = Convolution("image", 3, 64, kernel: 7, stride: 2, relu: true);
        x = Node("MaxPool", [x], Ints("kernel_shape", 3, 3), Ints("strides", 2, 2), Ints("pads", 1, 1, 1, 1));
        int channels = 64;
        foreach ((int blocks, int width, int stride) in new[] { (3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2) })
        {
            for (int block = 0; block < blocks; block++)
            {
                x = Bottleneck(x, channels, width, block == 0 ? stride : 1, project: block == 0);
                channels = 4 * width;
            }
        }

        string features = Node("Flatten", [Node("GlobalAveragePool", [x])]);
        string output = Node("Gemm", [features, Weights(1000, channels), Weights(1000)], new Attribute { Name = "transB", Type = Attribute.Types.AttributeType.Int, I = 1 });
        _graph.Output.Add(new ValueInfoProto { Name = output });
        return _graph;
    }

    private string Bottleneck(string x, int channels, int width, int stride, bool project)
    {
        string narrow = Convolution(x, channels, width, kernel: 1, stride: 1, relu: true);
        string middle = Convolution(narrow, width, width, kernel: 3, stride, relu: true);
        string wide = Convolution(middle, width, 4 * width, kernel: 1, stride: 1, relu: false);
        string skip = project ? Convolution(x, channels, 4 * width, kernel: 1, stride, relu: false) : x;
        return Node("Relu", [Node("Add", [wide, skip])]);
    }

    private string Convolution(string x, int from, int to, int kernel, int stride, bool relu)
    {
        int pad = kernel / 2;
        string sum = Node("Conv", [x, Weights(to, from, kernel, kernel)], Ints("kernel_shape", kernel, kernel), Ints("strides", stride, stride), Ints("pads", pad, pad, pad, pad));
        string normalized = Node("BatchNormalization", [sum, Weights(to), Weights(to), Weights(to), Weights(to)]);
        return relu ? Node("Relu", [normalized]) : normalized;
    }

    private string Node(string type, string[] inputs, params Attribute[] attributes)
    {
        NodeProto node = new() { OpType = type, Name = $"{type}_{_graph.Node.Count}" };
        node.Input.Add(inputs);
        node.Output.Add(node.Name + ":0");
        node.Attribute.Add(attributes);
        _graph.Node.Add(node);
        return node.Output[0];
    }

    /// <summary>Values from 0.01 to 0.02: variances among them have to be positive.</summary>
    private string Weights(params int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, (product, d) => product * d)];
        for (int i = 0; i < values.Length; i++)
            values[i] = 0.01f + (0.01f * _random.NextSingle());
        TensorProto tensor = new() { Name = $"w{_graph.Initializer.Count}", DataType = (int)TensorProto.Types.DataType.Float };
        tensor.Dims.Add(shape.Select(d => (long)d));
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values));
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private static ValueInfoProto Tensor(string name, params int[] shape)
    {
        TensorShapeProto dimensions = new();
        dimensions.Dim.Add(shape.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        TypeProto.Types.Tensor type = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = dimensions };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = type } };
    }

    private static Attribute Ints(string name, params long[] values)
    {
        Attribute attribute = new() { Name = name, Type = Attribute.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }
}
