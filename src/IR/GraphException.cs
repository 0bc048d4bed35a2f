namespace PrivateInference.IR;

/// <summary>A graph, a shape or an attribute that has no meaning. The message names the node where one is known.</summary>
public sealed class GraphException : Exception
{
    public GraphException(string message)
        : base(message)
    {
    }

    public GraphException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
