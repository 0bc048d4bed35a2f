namespace PrivateInference.Frontend.Reference;

/// <summary>ONNX Runtime refused a model or a run; the message is the runtime's own.</summary>
public sealed class OnnxRuntimeException : Exception
{
    public OnnxRuntimeException(string message)
        : base(message)
    {
    }

    public OnnxRuntimeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
