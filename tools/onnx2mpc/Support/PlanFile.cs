namespace PrivateInference.CommandLine.Support;

/// <summary>Tells plans from models, for commands that take either.</summary>
internal static class PlanFile
{
    /// <summary>Whether the file begins as plans do.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsPlan(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        return file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual("OM2P"u8);
    }
}
