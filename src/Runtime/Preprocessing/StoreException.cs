namespace PrivateInference.Runtime.Preprocessing;

/// <summary>A store, its key, or something in it cannot be used.</summary>
public sealed class StoreException : IOException
{
    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
