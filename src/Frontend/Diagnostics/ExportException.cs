namespace PrivateInference.Frontend.Diagnostics;

/// <summary>A graph that cannot be written as an ONNX model. The message names every node at fault and the way out.</summary>
public sealed class ExportException(string message) : Exception(message);
