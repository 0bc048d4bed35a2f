using Google.Protobuf;
using PrivateInference.Frontend.Diagnostics;

namespace PrivateInference.Frontend.Schema;

/// <summary>Parses the bytes of a model file within limits on size and nesting.</summary>
internal static class ModelReader
{
    /// <summary>Each level of subgraph takes three levels of messages; no real model comes near.</summary>
    private const int RecursionLimit = 64;

    /// <exception cref="ModelFormatException">The bytes are not an ONNX model.</exception>
    public static ModelProto Read(Stream stream, int maxBytes)
    {
        ModelProto model = Parse(ModelProto.Parser, stream, maxBytes, "an ONNX model");
        if (model.Graph is null || model.Graph.Output.Count == 0)
            throw new ModelFormatException("The file is not an ONNX model: it holds no graph with an output.");
        return model;
    }

    /// <exception cref="ModelFormatException">The bytes are not such a message.</exception>
    public static T Parse<T>(MessageParser<T> parser, Stream stream, int maxBytes, string what)
        where T : IMessage<T>
    {
        if (stream.CanSeek && stream.Length - stream.Position > maxBytes)
            throw new ModelFormatException($"The file has {stream.Length - stream.Position} bytes and the limit is {maxBytes}. Keep large weights in external data.");
        try
        {
            using CodedInputStream input = CodedInputStream.CreateWithLimits(stream, maxBytes, RecursionLimit);
            return parser.ParseFrom(input);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelFormatException($"The file is not {what}, or is damaged: {e.Message}", e);
        }
    }
}
