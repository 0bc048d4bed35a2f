using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Exporting;
using PrivateInference.IR;

namespace PrivateInference.Frontend;

/// <summary>
/// Writes a graph as an ONNX model that ONNX Runtime executes with the same result and that <see cref="OnnxImporter"/>
/// reads back as the same graph: value and node names stay, constants are initializers, shapes are static. Operations
/// without an operator of ONNX's own are functions of the model in the domain <c>ai.onnx2mpc</c>, version 1, whose bodies
/// are standard operators.
/// <para>
/// What comes back different: a constant stands before its first reader and is named by its value alone; of nodes that
/// share a name the first keeps it; an output listed twice is one; the second outputs of MaxPool and TopK get
/// <c>/1</c> appended to their node's name.
/// </para>
/// </summary>
public static class OnnxExporter
{
    /// <summary>The model for a well-formed graph. The same graph gives the same bytes.</summary>
    /// <exception cref="ExportException">ONNX cannot say what a node computes, or the file would be too large; names every such node.</exception>
    public static ExportedModel Export(Graph graph, ExportOptions? options = null)
    {
        ExportedModel model = new(new ModelWriter(graph, options ?? ExportOptions.Default).Write());
        if (options is { OpenBatch: true })
            OpenBatch.Require(graph, model.ToBytes());
        return model;
    }
}
