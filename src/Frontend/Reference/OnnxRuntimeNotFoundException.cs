namespace PrivateInference.Frontend.Reference;

/// <summary>ONNX Runtime's native library is missing or does not load; the message says how to get it.</summary>
public sealed class OnnxRuntimeNotFoundException : Exception
{
    /// <param name="failures">Libraries that were found and did not load, a line each.</param>
    internal OnnxRuntimeNotFoundException(string failures)
        : base((
            "ONNX Runtime, the reference of the float model, is not installed. Run './build.sh reference' in the project's folder "
            + "(it needs npm and fetches the pinned library), put the library beside the application, or name its file or folder "
            + $"in the environment variable {OnnxRuntimeSearch.Variable}.\n{failures}").TrimEnd())
    {
    }
}
