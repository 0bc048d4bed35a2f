using System.Runtime.InteropServices;

namespace PrivateInference.Frontend.Reference;

/// <summary>Zero-terminated UTF-8 copies of texts, for calls that take an array of them.</summary>
internal sealed class Utf8Texts(IEnumerable<string> texts) : IDisposable
{
    private readonly nint[] _pointers = [.. texts.Select(Marshal.StringToCoTaskMemUTF8)];

    public ReadOnlySpan<nint> Pointers => _pointers;

    public void Dispose()
    {
        Array.ForEach(_pointers, Marshal.FreeCoTaskMem);
        Array.Clear(_pointers);
    }
}
