using System.IO.Compression;

namespace PrivateInference.Frontend.Data;

/// <summary>Reads whole files within a size limit, unpacking gzip.</summary>
internal static class DataFile
{
    /// <exception cref="DataFormatException">The file cannot be read or exceeds the limit.</exception>
    public static byte[] Read(string path, int maxBytes)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using Stream content = IsGzip(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
            return ReadAll(content, maxBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or DataFormatException)
        {
            throw new DataFormatException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The extension that tells the format, without <c>.gz</c>; lower case.</summary>
    public static string Format(string path)
    {
        string name = IsGzip(path) ? Path.GetFileNameWithoutExtension(path) : path;
        return Path.GetExtension(name).ToLowerInvariant();
    }

    /// <exception cref="DataFormatException">The stream holds more than the limit.</exception>
    public static byte[] ReadAll(Stream stream, int maxBytes)
    {
        using MemoryStream result = new();
        byte[] buffer = new byte[1 << 16];
        for (int count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            if (result.Length + count > maxBytes)
                throw new DataFormatException($"it holds more than the limit of {maxBytes} bytes.");
            result.Write(buffer, 0, count);
        }

        return result.ToArray();
    }

    private static bool IsGzip(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}
