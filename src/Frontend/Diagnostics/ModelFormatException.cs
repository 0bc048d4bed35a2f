namespace PrivateInference.Frontend.Diagnostics;

/// <summary>
/// A file that is not a valid ONNX model: damaged, truncated, contradictory, or with missing external data.
/// The message names the file's part at fault.
/// </summary>
public sealed class ModelFormatException : Exception
{
    public ModelFormatException(string message)
        : base(message)
    {
    }

    public ModelFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
