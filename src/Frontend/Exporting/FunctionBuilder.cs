using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Builds the body of a function node by node; its one output is <see cref="Output"/>.</summary>
internal sealed class FunctionBuilder
{
    public const string Output = "y";

    private readonly FunctionProto _function;
    private readonly int _opset;

    public FunctionBuilder(string name, int opset, string documentation, string[] inputs, params string[] attributes)
    {
        _opset = opset;
        _function = new FunctionProto { Name = name, Domain = FunctionDomain.Name, DocString = documentation };
        _function.Input.Add(inputs);
        _function.Output.Add(Output);
        _function.Attribute.Add(attributes);
        _function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
    }

    /// <summary>An attribute that a call may leave out.</summary>
    public FunctionBuilder Default(AttributeProto attribute)
    {
        _function.AttributeProto.Add(attribute);
        return this;
    }

    public FunctionBuilder Node(string operatorType, string inputs, string output, params ReadOnlySpan<AttributeProto> attributes)
    {
        NodeProto node = new() { OpType = operatorType };
        node.Input.Add(inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        node.Output.Add(output);
        foreach (AttributeProto attribute in attributes)
            node.Attribute.Add(attribute);
        _function.Node.Add(node);
        return this;
    }

    /// <summary>The mean along the second axis of a matrix.</summary>
    public FunctionBuilder MeanOfRows(string matrix, string output)
    {
        if (_opset < RequiredOpset.AxesAsInput)
            return Node("ReduceMean", matrix, output, ExportAttribute.Ints("axes", [1]));
        Node("Constant", "", $"{output}_axes", ExportAttribute.Ints("value_ints", [1]));
        return Node("ReduceMean", $"{matrix} {output}_axes", output);
    }

    public FunctionProto Build() => _function;
}
