namespace PrivateInference.Runtime.Hosting;

/// <summary>Bounds each blocking read and write of a stream.</summary>
internal static class StreamTimeouts
{
    public static void Set(Stream stream, TimeSpan limit)
    {
        stream.ReadTimeout = (int)limit.TotalMilliseconds;
        stream.WriteTimeout = (int)limit.TotalMilliseconds;
    }
}
