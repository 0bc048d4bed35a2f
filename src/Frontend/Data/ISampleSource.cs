using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>Inputs of a model, made when asked for.</summary>
internal interface ISampleSource
{
    int Count { get; }

    /// <summary>The class of each sample, where the data hold it.</summary>
    int[]? Labels => null;

    /// <summary>What is done to the data so that they fit the model, for people.</summary>
    IReadOnlyList<string> Conversions => [];

    /// <exception cref="DataFormatException">The sample does not fit the model.</exception>
    Tensor this[int index] { get; }
}
