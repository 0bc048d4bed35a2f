using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Importing;

/// <summary>One call of a function: the function's nodes with the caller's values and attributes in place of its own names.</summary>
internal sealed class FunctionCall
{
    private readonly NodeProto _node;
    private readonly FunctionProto _function;
    private readonly string _prefix;

    /// <summary>The caller's name for each input and output of the function; empty for an input left out.</summary>
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal) { [""] = "" };

    private readonly Dictionary<string, AttributeProto> _attributes = new(StringComparer.Ordinal);

    /// <param name="node">The node that calls.</param>
    /// <param name="function">What it calls.</param>
    /// <param name="prefix">Unique to the call; tells the names of its inner values apart.</param>
    /// <exception cref="ModelFormatException">The call has more inputs or outputs than the function.</exception>
    public FunctionCall(NodeProto node, FunctionProto function, string prefix)
    {
        _node = node;
        _function = function;
        _prefix = prefix;
        if (node.Input.Count > function.Input.Count || node.Output.Count > function.Output.Count)
            throw new ModelFormatException($"Node '{node.Name}' calls function '{function.Name}' with {node.Input.Count} inputs and {node.Output.Count} outputs, which are too many.");
        for (int i = 0; i < function.Input.Count; i++)
            _names[function.Input[i]] = i < node.Input.Count ? node.Input[i] : "";
        for (int i = 0; i < node.Output.Count; i++)
        {
            if (node.Output[i].Length > 0)
                _names.TryAdd(function.Output[i], node.Output[i]);
        }

        foreach (AttributeProto attribute in function.AttributeProto.Concat(node.Attribute))
            _attributes[attribute.Name] = attribute;
    }

    public IEnumerable<NodeProto> Body() => [.. _function.Node.Select(Instantiate), .. ForwardedInputs()];

    /// <summary>A function may return its input.</summary>
    private IEnumerable<NodeProto> ForwardedInputs()
    {
        for (int i = 0; i < _node.Output.Count; i++)
        {
            if (_node.Output[i].Length == 0 || !_function.Input.Contains(_function.Output[i]))
                continue;
            NodeProto identity = new() { OpType = "Identity" };
            identity.Input.Add(_names[_function.Output[i]]);
            identity.Output.Add(_node.Output[i]);
            yield return identity;
        }
    }

    private NodeProto Instantiate(NodeProto inner)
    {
        NodeProto node = new() { OpType = inner.OpType, Domain = inner.Domain, Overload = inner.Overload, Name = inner.Name.Length > 0 ? _prefix + inner.Name : "" };
        node.Input.Add(inner.Input.Select(Renamed));
        node.Output.Add(inner.Output.Select(Renamed));
        node.Attribute.Add(inner.Attribute.Select(Instantiate).OfType<AttributeProto>());
        return node;
    }

    /// <summary>An attribute's value; null where it refers to one that neither call nor function gives.</summary>
    private AttributeProto? Instantiate(AttributeProto inner)
    {
        if (inner.RefAttrName.Length > 0)
        {
            AttributeProto? referred = _attributes.GetValueOrDefault(inner.RefAttrName)?.Clone();
            if (referred is not null)
                referred.Name = inner.Name;
            return referred;
        }

        if (inner.G is null && inner.Graphs.Count == 0)
            return inner;
        AttributeProto attribute = new() { Name = inner.Name, Type = inner.Type };
        if (inner.G is not null)
            attribute.G = Instantiate(inner.G);
        attribute.Graphs.Add(inner.Graphs.Select(Instantiate));
        return attribute;
    }

    private GraphProto Instantiate(GraphProto inner)
    {
        GraphProto graph = new() { Name = inner.Name };
        graph.Node.Add(inner.Node.Select(Instantiate));
        graph.Input.Add(inner.Input.Select(Renamed));
        graph.Output.Add(inner.Output.Select(Renamed));
        foreach (TensorProto initializer in inner.Initializer)
        {
            TensorProto tensor = initializer.Clone();
            tensor.Name = Renamed(tensor.Name);
            graph.Initializer.Add(tensor);
        }

        return graph;
    }

    private ValueInfoProto Renamed(ValueInfoProto value) => new() { Name = Renamed(value.Name), Type = value.Type };

    private string Renamed(string name) => _names.GetValueOrDefault(name) ?? _prefix + name;
}
