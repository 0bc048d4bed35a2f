using System.Globalization;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Importing;

/// <summary>Gives graph inputs static types: the batch size for a symbolic first dimension, named values for others.</summary>
internal sealed class InputTypes(GraphProto graph, ImportOptions options)
{
    private readonly HashSet<string> _batchNames = new(
        graph.Input.Select(i => i.Type?.TensorType?.Shape?.Dim.FirstOrDefault()?.DimParam ?? "").Where(n => n.Length > 0),
        StringComparer.Ordinal);

    /// <exception cref="ImportException">The input is no tensor, its element type is not handled, or a dimension has no value.</exception>
    public TensorType Resolve(ValueInfoProto input)
    {
        if (input.Type?.TensorType is not { } tensor)
            throw new ImportException(DiagnosticCodes.UnsupportedElementType, $"input '{input.Name}' is not a tensor.");
        if (TensorDecoder.Format(tensor.ElemType) is not { } format)
            throw new ImportException(DiagnosticCodes.UnsupportedElementType, $"input '{input.Name}' has elements of type {TensorDecoder.TypeName(tensor.ElemType)}.", "Export the model with float32 inputs.");
        if (tensor.Shape is null)
            throw new ImportException(DiagnosticCodes.UnresolvedDimension, $"input '{input.Name}' has no declared shape.", "Export the model with the shape of its input.");
        int[] dimensions = new int[tensor.Shape.Dim.Count];
        for (int axis = 0; axis < dimensions.Length; axis++)
            dimensions[axis] = Dimension(input.Name, axis, tensor.Shape.Dim[axis]);
        return new TensorType(format.Type, new Shape(dimensions));
    }

    private int Dimension(string input, int axis, TensorShapeProto.Types.Dimension dimension)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"{input}:{axis}");
        if (options.Dimensions.TryGetValue(place, out int given))
            return given;

        // Exporters write an unknown dimension as a name, as nothing, or as 0 or −1.
        if (dimension.HasDimValue && dimension.DimValue > 0)
            return axis == 0 && dimension.DimValue == options.ReducedBatch ? options.BatchSize : checked((int)dimension.DimValue);
        if (options.Dimensions.TryGetValue(dimension.DimParam, out int named))
            return named;
        if (axis == 0 || _batchNames.Contains(dimension.DimParam))
            return options.BatchSize;
        string name = dimension.DimParam.Length > 0 ? dimension.DimParam : place;
        throw new ImportException(
            DiagnosticCodes.UnresolvedDimension,
            $"input '{input}' leaves dimension {axis} open{(dimension.DimParam.Length > 0 ? $" ('{dimension.DimParam}')" : "")}.",
            $"Set dimension '{name}' to a value in the import options, or export the model with a fixed size.");
    }
}
