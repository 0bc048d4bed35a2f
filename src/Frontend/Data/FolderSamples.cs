using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>One sample a file.</summary>
internal sealed class FolderSamples(string[] files, Func<string, ISampleSource> open) : ISampleSource
{
    public int Count => files.Length;

    /// <summary>Of the first file; the others may differ in size.</summary>
    public IReadOnlyList<string> Conversions { get; } = open(files[0]).Conversions;

    public Tensor this[int index] => open(files[index])[0];
}
