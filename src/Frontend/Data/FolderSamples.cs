using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>One sample a file.</summary>
internal sealed class FolderSamples(string[] files, Func<string, Tensor> read) : ISampleSource
{
    public int Count => files.Length;

    public Tensor this[int index] => read(files[index]);
}
