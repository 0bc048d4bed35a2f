using System.Globalization;
using Google.Protobuf.Collections;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Exporting;

/// <summary>A model under construction: the graph's nodes in order, and what they need besides.</summary>
internal sealed class ModelWriter
{
    private readonly Graph _graph;
    private readonly ExportOptions _options;
    private readonly NameScope _values;
    private readonly NameScope _nodes = new([]);
    private readonly GraphProto _written = new();
    private readonly SortedDictionary<string, FunctionProto> _functions = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    public ModelWriter(Graph graph, ExportOptions options)
    {
        _graph = graph;
        _options = options;
        _values = new NameScope(graph.Inputs.Concat(graph.Nodes.Select(n => n.Output)).Select(v => v.Name));
        Opset = RequiredOpset.Of(graph);
    }

    /// <summary>The version of ONNX's operators that the model is written in.</summary>
    public int Opset { get; }

    /// <exception cref="ExportException">A node has no meaning in ONNX, or the file would be too large.</exception>
    public ModelProto Write()
    {
        RequireSize(_graph.Nodes.Sum(n => n.Operation is Constant constant ? TensorEncoder.SizeOf(constant.Tensor.Type) : 0));
        Node[] nodes = [.. _graph.Nodes.Where(n => n.Operation is not Constant)];

        // The graph's own nodes choose their names before those that an operation takes besides.
        string[] names = [.. nodes.Select(n => _nodes.Unique(n.Name.Length > 0 ? n.Name : n.Output.Name))];
        foreach (Node constant in _graph.Nodes.Where(n => n.Operation is Constant))
            _written.Initializer.Add(TensorEncoder.Encode(constant.Output.Name, ((Constant)constant.Operation).Tensor));
        foreach ((Node node, string name) in nodes.Zip(names))
            OperationWriter.Write(new NodeWriter(node, name, this));
        if (_problems.Count > 0)
            throw new ExportException(string.Join("\n  ", ["The graph cannot be written as an ONNX model:", .. _problems]));
        ModelProto model = Assemble();
        RequireSize(LongSize(model));
        return model;
    }

    public string UniqueValue(string wanted) => _values.Unique(wanted);

    public void Add(TensorProto initializer) => _written.Initializer.Add(initializer);

    /// <summary>Adds a node that has its name.</summary>
    public void Add(NodeProto node) => _written.Node.Add(node);

    /// <summary>Adds a node for which a name of its own is found.</summary>
    public void AddStep(NodeProto node)
    {
        node.Name = _nodes.Unique(node.Output.First(o => o.Length > 0));
        Add(node);
    }

    /// <summary>Adds a node that calls a function, or the function's nodes where only standard operators are wanted.</summary>
    public void AddCall(NodeProto call, FunctionProto function)
    {
        if (!_options.StandardOnly)
        {
            _functions.TryAdd(function.Name, function);
            Add(call);
            return;
        }

        string prefix = _values.UniquePrefix(call.Output[0], [.. function.Node.SelectMany(n => n.Output)]);
        foreach (NodeProto node in new FunctionCall(call, function, prefix).Body())
        {
            if (node.Output[0] == call.Output[0])
            {
                node.Name = call.Name;
                Add(node);
            }
            else
            {
                AddStep(node);
            }
        }
    }

    /// <summary>Notes a node that ONNX cannot express; the others are still looked at, so that all are named at once.</summary>
    public void Refuse(Node node, string reason) => _problems.Add($"{node.Operation.Name} '{node.Name}': {reason}");

    private ModelProto Assemble()
    {
        _written.Name = _graph.Name;
        _written.Input.Add(_graph.Inputs.Select(v => TensorEncoder.Describe(v, _options.OpenBatch)));
        _written.Output.Add(_graph.Outputs.Distinct().Select(v => TensorEncoder.Describe(v, _options.OpenBatch)));
        ModelProto model = new()
        {
            IrVersion = Opset switch { < 19 => 8, < 21 => 9, _ => 10 },
            ProducerName = "onnx2mpc",
            ProducerVersion = typeof(ModelWriter).Assembly.GetName().Version!.ToString(3),
            Graph = _written,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        if (_functions.Count > 0)
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = FunctionDomain.Name, Version = FunctionDomain.Version });
        model.Functions.Add(_functions.Values);
        return model;
    }

    /// <summary>Protobuf counts in 32 bits and would overflow.</summary>
    private static long LongSize(ModelProto model)
    {
        // Lengths of nested messages take up to five bytes each: the tensor's, the graph's.
        const int LengthBytes = 10;
        RepeatedField<TensorProto> initializers = model.Graph.Initializer;
        long size = initializers.Sum(t => (long)t.CalculateSize() + LengthBytes) + model.Functions.Sum(f => (long)f.CalculateSize() + LengthBytes);
        return size + model.Graph.Node.Sum(n => (long)n.CalculateSize() + LengthBytes)
            + model.Graph.Input.Concat(model.Graph.Output).Sum(v => (long)v.CalculateSize() + LengthBytes) + 1024;
    }

    private void RequireSize(long bytes)
    {
        if (bytes > _options.MaxFileBytes)
        {
            throw new ExportException(string.Create(
                CultureInfo.InvariantCulture,
                $"The model takes {bytes} bytes and an ONNX file holds at most {_options.MaxFileBytes}. Export a smaller model."));
        }
    }
}
