using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>Inputs of a model, made when asked for.</summary>
internal interface ISampleSource
{
    int Count { get; }

    /// <exception cref="DataFormatException">The sample does not fit the model.</exception>
    Tensor this[int index] { get; }
}
