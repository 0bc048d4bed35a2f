namespace PrivateInference.CommandLine.Support;

/// <summary>Writes files so that a reader, or an interruption, never leaves half of one.</summary>
internal static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string partial = path + ".partial";
        using (FileStream file = File.Create(partial))
            file.Write(bytes);
        File.Move(partial, path, overwrite: true);
    }

    public static void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));
}
