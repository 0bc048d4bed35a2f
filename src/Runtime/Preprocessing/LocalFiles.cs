using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>The operating system's local files.</summary>
internal sealed partial class LocalFiles : IStoreFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Windows lets nobody rename a file that is held, unless who holds it agrees. Elsewhere an advisory lock does not keep anyone from it.
    private static readonly FileShare s_held = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    public void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    public IStoreFile Create(string path)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = s_held, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new LocalFile(new FileStream(path, options));
    }

    public IStoreFile? TryOpen(string path)
    {
        try
        {
            return new LocalFile(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, s_held, bufferSize: 0));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || IsHeld(e))
        {
            return null;
        }
    }

    // With a target that may exist, .NET renames in one system call; otherwise it links and unlinks.
    public bool TryRename(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    public bool TryRenameToFree(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }

    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing to delete.
        }
    }

    // Windows writes names to its journal in order, and has no call for it. What must not come back there is unreadable by then: see ClaimedItem.
    public void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        using SafeFileHandle folder = OpenFolder(path, flags: 0);
        if (folder.IsInvalid || Sync(folder) != 0)
            throw new IOException($"The names in {path} could not be written to the disk: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
    }

    public IReadOnlyList<StoreEntry> List(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFiles().Where(f => f.Exists).Select(f => new StoreEntry(f.Name, f.Length, new DateTimeOffset(f.LastWriteTimeUtc)))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public IReadOnlyList<string> Folders(string folder) => [.. new DirectoryInfo(folder).EnumerateDirectories().Select(d => d.Name)];

    public long FreeBytes(string folder) => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    private static bool IsHeld(Exception e)
        => e is IOException and not FileNotFoundException and not DirectoryNotFoundException && e.HResult is unchecked((int)0x80070020) or 11 or 35;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial SafeFileHandle OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);
}
