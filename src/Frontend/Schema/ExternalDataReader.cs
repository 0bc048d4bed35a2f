using System.Globalization;
using PrivateInference.Frontend.Diagnostics;

namespace PrivateInference.Frontend.Schema;

/// <summary>
/// Reads tensor elements that a model keeps in files beside it. A model may only name files inside its own directory,
/// by a relative path without symbolic links: it must not make the compiler read anything else.
/// </summary>
/// <param name="directory">The model's directory, or null for a model that did not come from a file.</param>
internal sealed class ExternalDataReader(string? directory)
{
    public static ExternalDataReader None { get; } = new(directory: null);

    /// <summary>The bytes of an external tensor.</summary>
    /// <exception cref="ModelFormatException">The file is missing, outside the directory, or of another size.</exception>
    public byte[] Read(TensorProto tensor, long expectedBytes)
    {
        string location = Entry(tensor, "location")
            ?? throw new ModelFormatException($"Tensor '{tensor.Name}' has external data without a location.");
        string path = Resolve(tensor.Name, location);
        try
        {
            using FileStream file = File.OpenRead(path);
            long offset = Number(tensor, "offset") ?? 0;
            long length = Number(tensor, "length") ?? (file.Length - offset);
            if (length != expectedBytes || length > Array.MaxLength || offset < 0 || offset > file.Length - length)
                throw new ModelFormatException($"Tensor '{tensor.Name}' needs {expectedBytes} bytes; its external data '{location}' has {length} bytes at {offset} in a file of {file.Length}.");
            byte[] bytes = new byte[length];
            file.Position = offset;
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"The external data '{location}' of tensor '{tensor.Name}' cannot be read: {e.Message} Keep the data file beside the model.", e);
        }
    }

    private string Resolve(string tensor, string location)
    {
        if (directory is null)
            throw new ModelFormatException($"Tensor '{tensor}' is in the external file '{location}'. Import the model from its path, so that the file can be found.");
        string[] parts = location.Split('/', '\\');
        if (Path.IsPathRooted(location) || parts.Any(p => p is "" or ".." || p.Contains('\0', StringComparison.Ordinal) || p.Contains(':', StringComparison.Ordinal)))
            throw Refused(tensor, location);
        string path = Path.GetFullPath(directory);
        foreach (string part in parts)
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
                throw Refused(tensor, location);
        }

        return path;
    }

    private static ModelFormatException Refused(string tensor, string location)
        => new($"The external data '{location}' of tensor '{tensor}' is not a plain path inside the model's directory; it is not read.");

    private static long? Number(TensorProto tensor, string key)
    {
        if (Entry(tensor, key) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new ModelFormatException($"Tensor '{tensor.Name}' has external data with the {key} '{text}'.");
    }

    private static string? Entry(TensorProto tensor, string key)
        => tensor.ExternalData.LastOrDefault(e => string.Equals(e.Key, key, StringComparison.Ordinal))?.Value;
}
