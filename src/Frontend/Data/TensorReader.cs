using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>
/// Reads a tensor from a file, by its extension: <c>.npy</c>, ONNX TensorProto <c>.pb</c>, <c>.png</c>, CIFAR-10 <c>.bin</c>,
/// and IDX (<c>…-ubyte</c>, <c>.idx</c>), each also as <c>.gz</c>. Images become N×C×H×W floats.
/// </summary>
public static class TensorReader
{
    /// <exception cref="DataFormatException">The file cannot be read, or is not of the format its name says.</exception>
    public static Tensor Read(string path, DataOptions? options = null)
    {
        options ??= DataOptions.Default;
        DataContent content = ReadContent(path, options);
        return content switch
        {
            DataContent.Values values => values.Tensor,
            DataContent.Images images => images.Pixels.ToTensor(options.Scaling ?? PixelScaling.Unit),
            DataContent.Labels labels => Tensor.FromInt64(Array.ConvertAll(labels.Classes, l => (long)l)),
            _ => throw new InvalidOperationException($"Unknown content {content}."),
        };
    }

    /// <inheritdoc cref="Read"/>
    internal static DataContent ReadContent(string path, DataOptions options)
    {
        byte[] bytes = DataFile.Read(path, options.MaxBytes);
        try
        {
            return DataFile.Format(path) switch
            {
                ".npy" => new DataContent.Values(NpyReader.Read(bytes)),
                ".pb" => new DataContent.Values(ReadTensorProto(bytes, options.MaxBytes)),
                ".png" => new DataContent.Images(PngReader.Read(bytes, options.MaxBytes)),
                ".bin" => CifarReader.Read(bytes),
                _ when IdxReader.IsIdx(bytes) => IdxReader.Read(bytes),
                _ => throw new DataFormatException("its format is not known; use .npy, .pb (ONNX TensorProto), .png, IDX or .bin (CIFAR-10)."),
            };
        }
        catch (Exception e) when (e is DataFormatException or GraphException)
        {
            throw new DataFormatException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    private static Tensor ReadTensorProto(byte[] bytes, int maxBytes)
    {
        try
        {
            using MemoryStream stream = new(bytes, writable: false);
            return TensorDecoder.Decode(ModelReader.Parse(TensorProto.Parser, stream, maxBytes, "an ONNX TensorProto"), ExternalDataReader.None);
        }
        catch (Exception e) when (e is ModelFormatException or ImportException)
        {
            throw new DataFormatException(e.Message, e);
        }
    }
}
