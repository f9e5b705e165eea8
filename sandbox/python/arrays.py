"""Readers of arrays, objects, graphs, pictures and sound."""

import pickle


def npy(path, **options):
    import numpy

    return numpy.load(path, **{"allow_pickle": True, **options})


def npz(path, **options):
    with npy(path, **options) as arrays:
        return dict(arrays)


def pickled(path, **options):
    with open(path, "rb") as held:
        return pickle.load(held, **options)


def joblib(path, **options):
    import joblib

    return joblib.load(path, **options)


def hdf(path, **options):
    import pandas

    with pandas.HDFStore(path, "r") as store:
        keys = store.keys()
    if options or len(keys) == 1:
        return pandas.read_hdf(path, mode="r", **options)
    if keys:
        return {key.lstrip("/"): pandas.read_hdf(path, key, mode="r") for key in keys}
    return _h5py(path)


def _h5py(path):
    import h5py

    return h5py.File(path, "r")


def _is_hdf5(path):
    import h5py

    return h5py.is_hdf5(path)


def netcdf(path):
    from scipy import io

    return _h5py(path) if _is_hdf5(path) else io.netcdf_file(path, "r", mmap=False)


def matlab(path, **options):
    from scipy import io

    return _h5py(path) if _is_hdf5(path) else io.loadmat(path, **options)  # version 7.3 is HDF5


def matrix(path):
    from scipy import io

    return io.mmread(path)


def with_networkx(function):
    def read(path, **options):
        import networkx

        return getattr(networkx, function)(path, **options)

    return read


def picture(path):
    from PIL import Image

    picture = Image.open(path)
    picture.load()
    return picture


def wav(path, **options):
    from scipy.io import wavfile

    return wavfile.read(path, **options)
