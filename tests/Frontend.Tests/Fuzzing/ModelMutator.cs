using Google.Protobuf;
using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Tests.Fuzzing;

/// <summary>Damages a valid model in ways that keep most of its structure: a few changes to nodes, attributes, tensors, types or bytes.</summary>
internal sealed class ModelMutator(Random random)
{
    private static readonly long[] _numbers =
        [0, 1, -1, 2, 3, 7, 64, 1 << 20, int.MaxValue, int.MinValue, (1L << 31) + 1, 1L << 40, long.MaxValue, long.MinValue];

    private static readonly float[] _floats = [0, -1, 0.5f, 1e30f, float.NaN, float.PositiveInfinity, float.Epsilon];

    /// <summary>The bytes of a changed copy.</summary>
    public byte[] Mutate(ModelProto original)
    {
        ModelProto model = original.Clone();
        for (int change = random.Next(1, 4); change > 0; change--)
            Change(model);
        byte[] bytes = model.ToByteArray();
        return random.Next(12) switch
        {
            0 => bytes[..random.Next(bytes.Length)],
            1 => Flipped(bytes),
            _ => bytes,
        };
    }

    private void Change(ModelProto model)
    {
        GraphProto graph = Pick(Graphs(model));
        Action<GraphProto>[] changes =
        [
            ChangeNode, ChangeNode, ChangeNode, ChangeAttribute, ChangeAttribute, ChangeAttribute, ChangeTensor, ChangeTensor, ChangeInput, ChangeLists,
        ];
        if (random.Next(20) == 0)
            ChangeModel(model);
        else
            changes[random.Next(changes.Length)](graph);
    }

    private void ChangeNode(GraphProto graph)
    {
        if (graph.Node.Count == 0)
            return;
        NodeProto node = Pick(graph.Node), other = Pick(graph.Node);
        switch (random.Next(9))
        {
            case 0:
                graph.Node.Remove(node);
                break;
            case 1:
                graph.Node.Insert(random.Next(graph.Node.Count), node.Clone());
                break;
            case 2:
                (node.OpType, node.Domain) = (other.OpType, other.Domain);
                break;
            case 3 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = Name(graph);
                break;
            case 4 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            case 5:
                node.Input.Add(Name(graph));
                break;
            case 6 when node.Output.Count > 0:
                node.Output[random.Next(node.Output.Count)] = Name(graph);
                break;
            case 7:
                node.Output.Add("more" + random.Next(3));
                break;
            default:
                node.Input.Add(node.Output);
                break;
        }
    }

    private void ChangeAttribute(GraphProto graph)
    {
        NodeProto[] nodes = [.. graph.Node.Where(n => n.Attribute.Count > 0)];
        if (nodes.Length == 0)
            return;
        NodeProto node = Pick(nodes);
        AttributeProto attribute = Pick(node.Attribute);
        switch (random.Next(10))
        {
            case 0:
                node.Attribute.Remove(attribute);
                break;
            case 1:
                node.Attribute.Add(attribute.Clone());
                break;
            case 2:
                attribute.Type = (AttributeProto.Types.AttributeType)random.Next(16);
                break;
            case 3:
                attribute.Name = Pick(Pick(nodes).Attribute).Name;
                break;
            case 4:
                attribute.Ints.Add(Pick(_numbers));
                break;
            case 5 when attribute.Ints.Count > 0:
                attribute.Ints[random.Next(attribute.Ints.Count)] = Pick(_numbers);
                break;
            case 6 when attribute.Ints.Count > 0:
                attribute.Ints.RemoveAt(0);
                break;
            case 7 when attribute.HasS:
                attribute.S = ByteString.CopyFromUtf8("nonsense");
                break;
            case 8 when attribute.G is not null:
                // Deep nesting: the node becomes part of the graph that it holds.
                attribute.G.Node.Add(node.Clone());
                break;
            default:
                (attribute.I, attribute.F) = (Pick(_numbers), Pick(_floats));
                break;
        }
    }

    private void ChangeTensor(GraphProto graph)
    {
        TensorProto[] tensors = [.. graph.Initializer, .. graph.SparseInitializer.Select(s => random.Next(2) == 0 ? s.Values : s.Indices), .. graph.Node.SelectMany(n => n.Attribute).Where(a => a.T is not null).Select(a => a.T)];
        if (tensors.Length == 0)
            return;
        TensorProto tensor = Pick(tensors);
        switch (random.Next(8))
        {
            case 0 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Pick(_numbers);
                break;
            case 1:
                tensor.Dims.Add(Pick(_numbers));
                break;
            case 2 when tensor.Dims.Count > 0:
                tensor.Dims.RemoveAt(0);
                break;
            case 3:
                tensor.DataType = random.Next(-1, 30);
                break;
            case 4:
                tensor.Name = Name(graph);
                break;
            case 5:
                tensor.DataLocation = TensorProto.Types.DataLocation.External;
                tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../secret" });
                break;
            default:
                byte[] data = tensor.RawData.ToByteArray();
                for (int i = 0; i < data.Length; i++)
                    data[i] = random.Next(4) == 0 ? (byte)random.Next(256) : data[i];
                tensor.RawData = ByteString.CopyFrom(random.Next(4) == 0 ? data[..random.Next(data.Length + 1)] : data);
                break;
        }
    }

    private void ChangeInput(GraphProto graph)
    {
        if (graph.Input.Count == 0)
            return;
        ValueInfoProto input = Pick(graph.Input);
        TypeProto.Types.Tensor? type = input.Type?.TensorType;
        switch (random.Next(5))
        {
            case 0:
                input.Name = Name(graph);
                break;
            case 1 when type is not null:
                type.ElemType = random.Next(-1, 30);
                break;
            case 2 when type?.Shape is not null && type.Shape.Dim.Count > 0:
                type.Shape.Dim[random.Next(type.Shape.Dim.Count)] = new TensorShapeProto.Types.Dimension { DimValue = Pick(_numbers) };
                break;
            case 3 when type?.Shape is not null:
                type.Shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = "n" });
                break;
            default:
                input.Type = null;
                break;
        }
    }

    private void ChangeLists(GraphProto graph)
    {
        switch (random.Next(4))
        {
            case 0 when graph.Initializer.Count > 0:
                graph.Initializer.RemoveAt(random.Next(graph.Initializer.Count));
                break;
            case 1 when graph.Initializer.Count > 0:
                graph.Initializer.Add(Pick(graph.Initializer).Clone());
                break;
            case 2 when graph.Output.Count > 0:
                Pick(graph.Output).Name = Name(graph);
                break;
            default:
                graph.Output.Add(new ValueInfoProto { Name = Name(graph) });
                break;
        }
    }

    private void ChangeModel(ModelProto model)
    {
        switch (random.Next(3))
        {
            case 0:
                model.OpsetImport[0].Version = Pick(_numbers);
                break;
            case 1 when model.Functions.Count > 0:
                FunctionProto function = Pick(model.Functions);
                function.Node.Add(new NodeProto { OpType = function.Name, Domain = function.Domain });
                break;
            default:
                model.OpsetImport[0].Version = random.Next(1, 27);
                break;
        }
    }

    /// <summary>The graph of the model, those that its nodes hold, and the bodies of its functions as graphs.</summary>
    private static List<GraphProto> Graphs(ModelProto model)
    {
        List<GraphProto> graphs = [model.Graph];
        for (int i = 0; i < graphs.Count; i++)
            graphs.AddRange(graphs[i].Node.SelectMany(n => n.Attribute).Where(a => a.G is not null).Select(a => a.G));
        return graphs;
    }

    /// <summary>Mostly a name of the graph, so that the wiring changes; sometimes none, or an unknown one.</summary>
    private string Name(GraphProto graph)
    {
        string[] names = [.. graph.Node.SelectMany(n => n.Input.Concat(n.Output)), .. graph.Initializer.Select(t => t.Name), "", "unknown"];
        return Pick(names);
    }

    private byte[] Flipped(byte[] bytes)
    {
        for (int i = random.Next(1, 5); i > 0 && bytes.Length > 0; i--)
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private T Pick<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
