namespace PrivateInference.Frontend.Data;

/// <summary>An input or label file that cannot be read, is damaged, or does not fit the model. The message names the file.</summary>
public sealed class DataFormatException : Exception
{
    public DataFormatException(string message)
        : base(message)
    {
    }

    public DataFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
